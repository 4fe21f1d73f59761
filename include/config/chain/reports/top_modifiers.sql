-- One row per modifier and currency: how often it was asked for, and what it brought in before discounts.
WITH asked_for AS (
    SELECT
        modifier_name,
        currency,
        sum(quantity) AS quantity,
        count(*) AS line_count,
        count(DISTINCT item_name) AS item_count,
        sum(gross_cents) AS gross_cents
    FROM order_line_modifier
    WHERE business_date BETWEEN :first_day AND :last_day
    GROUP BY modifier_name, currency
),
everything AS (
    SELECT currency, count(*) AS line_count
    FROM order_line
    WHERE business_date BETWEEN :first_day AND :last_day
    GROUP BY currency
)
SELECT
    asked_for.modifier_name AS modifier,
    asked_for.quantity::numeric(14, 0) AS quantity,
    asked_for.item_count AS on_items,
    (100.0 * asked_for.line_count / everything.line_count)::numeric(6, 2) AS share_of_lines_percent,
    (asked_for.gross_cents / 100)::numeric(14, 2) AS gross_sales,
    currency
FROM asked_for
JOIN everything USING (currency)
ORDER BY asked_for.gross_cents DESC, asked_for.quantity DESC, modifier
LIMIT :most_rows
