-- One row per calendar day of a year.
INSERT INTO gold.dim_date (
    date, year, quarter, month, month_start_date, iso_year, iso_week, week_start_date, weekday, weekday_name, is_weekend
)
SELECT
    day::date,
    extract(year FROM day),
    extract(quarter FROM day),
    extract(month FROM day),
    date_trunc('month', day)::date,
    extract(isoyear FROM day),
    extract(week FROM day),
    date_trunc('week', day)::date,
    extract(isodow FROM day),
    to_char(day, 'FMDay'),
    extract(isodow FROM day) >= 6
FROM generate_series(
    make_date(%(year)s, 1, 1)::timestamp, make_date(%(year)s, 12, 31)::timestamp, interval '1 day'
) AS day
ON CONFLICT (date) DO NOTHING
