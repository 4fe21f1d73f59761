-- One row per location, discount and currency: how often it was given over the days asked for, and what it came to.
WITH given AS (
    SELECT
        location_name,
        name,
        currency,
        count(DISTINCT order_id) AS order_count,
        sum(amount_cents) AS amount_cents
    FROM order_adjustment
    WHERE business_date BETWEEN :first_day AND :last_day AND kind = 'discount'
    GROUP BY location_name, name, currency
),
sold AS (
    SELECT location_name, currency, sum(order_count) AS order_count, sum(gross_cents) AS gross_cents
    FROM daily_sales
    WHERE business_date BETWEEN :first_day AND :last_day
    GROUP BY location_name, currency
)
SELECT
    location_name AS location,
    given.name AS discount,
    given.order_count AS orders,
    (100.0 * given.order_count / nullif(sold.order_count, 0))::numeric(6, 1) AS percent_of_orders,
    (given.amount_cents / 100)::numeric(14, 2) AS given_away,
    (given.amount_cents / 100 / given.order_count)::numeric(14, 2) AS average_discount,
    (100 * given.amount_cents / nullif(sold.gross_cents, 0))::numeric(6, 2) AS percent_of_gross_sales,
    currency
FROM given
LEFT JOIN sold USING (location_name, currency)
ORDER BY given.amount_cents DESC, location, discount
