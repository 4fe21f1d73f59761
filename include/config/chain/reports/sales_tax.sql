-- One row per month, location and currency: net sales and the tax on them, less what was given back.
SELECT
    reporting.period_start('month', business_date) AS month,
    location_name AS location,
    parent_company,
    (sum(net_cents) / 100)::numeric(14, 2) AS net_sales,
    (sum(tax_cents) / 100)::numeric(14, 2) AS tax,
    (100 * sum(tax_cents) / nullif(sum(net_cents), 0))::numeric(8, 3) AS tax_percent,
    currency
FROM daily_sales
WHERE business_date BETWEEN :first_day AND :last_day
GROUP BY reporting.period_start('month', business_date), location_name, parent_company, currency
ORDER BY month, parent_company, location
