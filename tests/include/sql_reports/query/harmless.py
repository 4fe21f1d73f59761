"""SQL as reports are made of, over the view of stock."""

HARMLESS = [
    "SELECT * FROM stock",
    "SELECT * FROM reporting.stock;",
    'SELECT s.* FROM "reporting"."stock" AS s',
    "SELECT s FROM stock AS s",
    "TABLE stock",
    "VALUES (1, 'a'), (2, 'b')",
    "-- what it is for\nSELECT 1 /* all */; -- done",
    "WITH stock AS (SELECT 1 AS one) SELECT one FROM stock",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT sum(i) FROM n",
    "SELECT unit, count(*) FROM stock GROUP BY GROUPING SETS ((unit), ()) HAVING count(*) > 1 ORDER BY 2 NULLS LAST",
    "SELECT grouping(unit), percentile_cont(0.5) WITHIN GROUP (ORDER BY value_cents) FROM stock GROUP BY ROLLUP (unit)",
    """
    SELECT rank() OVER w, sum(1) FILTER (WHERE unit = 'kg') OVER (PARTITION BY unit ROWS UNBOUNDED PRECEDING)
    FROM stock
    WINDOW w AS (PARTITION BY unit ORDER BY value_cents DESC)
    """,
    "SELECT DISTINCT ON (unit) unit, value_cents / 100.0 AS value FROM stock ORDER BY unit, value_cents DESC",
    "SELECT unit FROM stock AS a LEFT JOIN stock AS b USING (unit), LATERAL (SELECT a.value_cents) AS c",
    "SELECT unit FROM stock EXCEPT SELECT 'kg' INTERSECT SELECT 'g' LIMIT 10 OFFSET 2",
    """
    SELECT d::date, n
    FROM generate_series(timestamp '2026-01-01', '2026-02-01', interval '1 day') WITH ORDINALITY AS g (d, n)
    """,
    "SELECT reporting.period_start('month', current_date), now() AT TIME ZONE 'UTC', extract(isodow FROM now())",
    "SELECT now() AT LOCAL, localtimestamp, current_time(0), pg_catalog.date_trunc('month', now())",
    """
    SELECT coalesce(unit, '?'), nullif(unit, ''), greatest(1, 2), CASE unit WHEN 'kg' THEN 1 ELSE 2 END
    FROM stock
    WHERE NOT unit IS DISTINCT FROM 'kg' AND value_cents NOT BETWEEN SYMMETRIC 1 AND 2
    """,
    """
    SELECT unit LIKE 'k%', unit NOT ILIKE '%g' ESCAPE '!', unit SIMILAR TO '(k|g)+', unit ~* '^k', unit IN ('a', 'b')
    FROM stock
    """,
    """
    SELECT position('a' IN unit), substring(unit FROM 1 FOR 2), trim(BOTH 'x' FROM unit), lpad(unit, 5, '0')
    FROM stock
    """,
    "SELECT (ARRAY[1, 2])[1:2], (ARRAY[1, 2])[1], ROW (1, 2), 3 = ANY (ARRAY[3]), unnest(ARRAY[1])",
    """SELECT '{"a": [1]}'::jsonb -> 'a' ->> 0, j.a FROM jsonb_to_recordset('[]') AS j (a integer, b text)""",
    """
    SELECT unit COLLATE "C", cast(1 AS numeric(10, 2)), 'x'::varchar(3), '{1}'::integer[], double precision '1.5'
    FROM stock
    """,
    "SELECT make_interval(days => 3), (now(), now()) OVERLAPS (now(), now()), E'\\n', U&'\\0061', $$a$$, x'1F'",
]
