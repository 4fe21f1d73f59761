-- One row per item variation, reason and currency: what came back over the days asked for.
SELECT
    category,
    coalesce(nullif(item_name, ''), 'Not on an item') AS item,
    variation_name AS variation,
    coalesce(reason, 'No reason given') AS reason,
    count(*) AS returns,
    sum(quantity)::numeric(14, 2) AS quantity,
    (sum(refund_cents) / 100)::numeric(14, 2) AS refunded_without_tax,
    currency
FROM refund_line
WHERE business_date BETWEEN :first_day AND :last_day
GROUP BY category, item_name, variation_name, reason, currency
ORDER BY refunded_without_tax DESC, item, variation, reason
