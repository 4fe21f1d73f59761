-- One row per business day, location, kind of payment and currency: to hold against the till and the bank.
SELECT
    business_date AS day,
    location_name AS location,
    tender_type AS payment,
    count(*) AS payments,
    (sum(amount_cents) / 100)::numeric(14, 2) AS paid,
    (sum(tip_cents) / 100)::numeric(14, 2) AS tips_in_it,
    currency
FROM payment
WHERE business_date BETWEEN :first_day AND :last_day
GROUP BY business_date, location_name, tender_type, currency
ORDER BY day, location, payment
