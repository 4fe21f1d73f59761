-- What stood around a simulated location's orders: all that has an id beginning with the location's.
WITH rejections AS (
    DELETE FROM bronze.rejected WHERE starts_with(object_id, %(prefix)s)
),
catalog AS (
    DELETE FROM bronze.square_catalog WHERE starts_with(object_id, %(prefix)s)
),
products AS (
    DELETE FROM silver.products WHERE starts_with(product_id, %(prefix)s)
),
product_dimension AS (
    DELETE FROM gold.dim_product WHERE starts_with(product_id, %(prefix)s)
),
bronze_customers AS (
    DELETE FROM bronze.square_customers WHERE starts_with(customer_id, %(prefix)s)
),
customers AS (
    DELETE FROM silver.customers WHERE starts_with(customer_id, %(prefix)s)
)
DELETE FROM gold.dim_customer WHERE starts_with(customer_id, %(prefix)s)
