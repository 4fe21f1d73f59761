-- What the last 30 days brought, also from orders without a customer.
SELECT coalesce(sum(amount_cents), 0)::bigint
FROM placed_order
WHERE business_date BETWEEN %(recent)s::date AND %(day)s::date
