-- Ends the current period of every changed customer about whom Square now says something else.
WITH news AS (
    SELECT square_customers.customer_id, updated_at, body
    FROM changed_customer
    JOIN bronze.square_customers USING (customer_id)
)
UPDATE silver.customers AS current
-- A change in the very instant in which the period began leaves it empty, but in its place.
SET valid_to_at = greatest(news.updated_at, current.valid_from_at)
FROM news
WHERE current.customer_id = news.customer_id
  AND current.valid_to_at = 'infinity'
  AND (
      current.given_name, current.family_name, current.company_name, current.email_address, current.phone_number,
      current.locality, current.postal_code, current.country
  ) IS DISTINCT FROM (
      news.body ->> 'given_name', news.body ->> 'family_name', news.body ->> 'company_name',
      news.body ->> 'email_address', news.body ->> 'phone_number', news.body #>> '{address,locality}',
      news.body #>> '{address,postal_code}', news.body #>> '{address,country}'
  )
