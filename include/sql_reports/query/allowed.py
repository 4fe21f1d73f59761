"""What a report's SQL may call and name: what computes from its arguments, and nothing else.

Not here: what reads or changes settings, sessions, files, large objects, locks, sequences or the catalogs; what runs
SQL that it is given as text; what waits; what makes a gigabyte of a word (`repeat`, `format` with a width).
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTIONS = _words("""
    count sum avg min max every bool_and bool_or bit_and bit_or bit_xor string_agg array_agg any_value range_agg
    range_intersect_agg json_agg jsonb_agg json_object_agg jsonb_object_agg
    corr covar_pop covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
    regr_syy stddev stddev_pop stddev_samp variance var_pop var_samp mode percentile_cont percentile_disc

    row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value

    abs ceil ceiling floor round trunc sign mod div power pow sqrt cbrt exp ln log log10 gcd lcm width_bucket scale
    trim_scale min_scale pi degrees radians sin cos tan asin acos atan atan2 random

    length char_length character_length octet_length bit_length lower upper initcap casefold concat concat_ws substring
    substr left right btrim ltrim rtrim lpad rpad replace translate position strpos split_part starts_with reverse
    overlay ascii chr md5 to_hex to_number quote_literal quote_nullable normalize is_normalized unistr
    regexp_replace regexp_match regexp_matches regexp_split_to_array regexp_split_to_table regexp_count regexp_instr
    regexp_like regexp_substr string_to_array string_to_table like_escape similar_to_escape

    now statement_timestamp transaction_timestamp clock_timestamp date_trunc date_part extract date_bin date_add
    date_subtract age make_date make_time make_timestamp make_timestamptz make_interval to_char to_date to_timestamp
    justify_days justify_hours justify_interval isfinite timezone overlaps date time timestamp timestamptz interval

    array_length array_lower array_upper array_ndims array_dims cardinality array_append array_prepend array_cat
    array_remove array_replace array_position array_positions array_to_string trim_array array_sort array_reverse unnest
    generate_series generate_subscripts num_nulls num_nonnulls

    to_json to_jsonb row_to_json array_to_json json_build_object jsonb_build_object json_build_array jsonb_build_array
    json_array_length jsonb_array_length json_array_elements jsonb_array_elements json_array_elements_text
    jsonb_array_elements_text json_each jsonb_each json_each_text jsonb_each_text json_extract_path jsonb_extract_path
    json_extract_path_text jsonb_extract_path_text json_object_keys jsonb_object_keys json_typeof jsonb_typeof
    json_to_record jsonb_to_record json_to_recordset jsonb_to_recordset jsonb_path_exists jsonb_path_query
    jsonb_path_query_array jsonb_path_query_first jsonb_pretty json_strip_nulls jsonb_strip_nulls jsonb_set

    lower_inc upper_inc lower_inf upper_inf isempty daterange int4range int8range numrange tsrange tstzrange range_merge

    int2 int4 int8 float4 float8 numeric text varchar bpchar bool
""")
# Their second argument is a length, and has to stand there as a small number.
PADDING = _words("lpad rpad")
LONGEST_PADDING = 1_000

# The types that look names up (regclass, regproc, …) are not among them.
TYPES = _words("""
    bool int2 int4 int8 numeric float4 float8 text varchar bpchar date time timetz timestamp timestamptz interval
    json jsonb jsonpath uuid daterange int4range int8range numrange tsrange tstzrange
""")

OPERATORS = _words("""
    + - * / % ^ |/ ||/ @ & | # ~ << >> = <> < > <= >= || ~~ !~~ ~~* !~~* !~ ~* !~* ^@
    -> ->> #> #>> @> <@ ? ?| ?& #- @? @@ && -|- &< &>
""") | {f"{word}BETWEEN{more}" for word in ("", "NOT ") for more in ("", " SYMMETRIC")}
