-- One row per customer and period: begins one for every changed customer who has no current one. The first period reaches
-- back without end, so that every order of the customer lies in one. Queues for gold the orders that lie in a new period.
WITH begun AS (
    INSERT INTO silver.customers (
        customer_id, version, given_name, family_name, company_name, email_address, phone_number, locality, postal_code,
        country, created_at, valid_from_at
    )
    SELECT
        news.customer_id,
        news.version,
        news.body ->> 'given_name',
        news.body ->> 'family_name',
        news.body ->> 'company_name',
        news.body ->> 'email_address',
        news.body ->> 'phone_number',
        news.body #>> '{address,locality}',
        news.body #>> '{address,postal_code}',
        news.body #>> '{address,country}',
        (news.body ->> 'created_at')::timestamptz,
        coalesce(max(earlier.valid_to_at), '-infinity')
    FROM changed_customer
    JOIN bronze.square_customers AS news USING (customer_id)
    LEFT JOIN silver.customers AS earlier USING (customer_id)
    GROUP BY news.customer_id
    HAVING coalesce(max(earlier.valid_to_at), '-infinity') <> 'infinity'
    ORDER BY news.customer_id
    RETURNING customer_id, valid_from_at
)
INSERT INTO gold.pending_order (order_key)
SELECT order_key
FROM silver.orders
JOIN begun USING (customer_id)
WHERE coalesce(orders.closed_at, orders.created_at) >= begun.valid_from_at
ORDER BY order_key
ON CONFLICT (order_key) DO UPDATE SET order_key = excluded.order_key
