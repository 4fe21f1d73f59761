-- Takes away the rows of the taken orders. One row per business day that lost some.
WITH removed AS (
    DELETE FROM gold.fact_sales USING taken_order
    WHERE fact_sales.order_key = taken_order.order_key
    RETURNING fact_sales.business_date
)
SELECT DISTINCT business_date FROM removed
