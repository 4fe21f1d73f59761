CREATE VIEW reporting.calendar AS
SELECT
    date,
    year,
    quarter,
    month,
    month_start_date,
    iso_year,
    iso_week,
    week_start_date,
    weekday,
    weekday_name,
    is_weekend
FROM gold.dim_date;

COMMENT ON VIEW reporting.calendar IS
    'Days of the years that have sales, the present one and the next: one row per day. Weeks begin on Monday.';
COMMENT ON COLUMN reporting.calendar.date IS 'The day. Join it with a business_date.';
COMMENT ON COLUMN reporting.calendar.year IS 'Year.';
COMMENT ON COLUMN reporting.calendar.quarter IS 'Quarter, 1 to 4.';
COMMENT ON COLUMN reporting.calendar.month IS 'Month, 1 to 12.';
COMMENT ON COLUMN reporting.calendar.month_start_date IS 'First day of its month.';
COMMENT ON COLUMN reporting.calendar.iso_year IS 'Year that its ISO week belongs to.';
COMMENT ON COLUMN reporting.calendar.iso_week IS 'ISO week, 1 to 53.';
COMMENT ON COLUMN reporting.calendar.week_start_date IS 'The Monday of its week.';
COMMENT ON COLUMN reporting.calendar.weekday IS 'Day of the week: 1 is Monday, 7 is Sunday.';
COMMENT ON COLUMN reporting.calendar.weekday_name IS 'Day of the week, in English.';
COMMENT ON COLUMN reporting.calendar.is_weekend IS 'Whether it is a Saturday or Sunday.';
