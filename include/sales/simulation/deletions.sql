-- A simulated location and all that belongs to it: what refers to orders first, then orders, then what they stood among.
DELETE FROM gold.pending_order USING silver.orders
WHERE pending_order.order_key = orders.order_key AND orders.location_id = %(location_id)s;

DELETE FROM gold.fact_sales USING gold.dim_location
WHERE fact_sales.location_key = dim_location.location_key AND dim_location.location_id = %(location_id)s;

DELETE FROM silver.order_line_modifiers AS child USING silver.orders
WHERE child.order_key = orders.order_key AND orders.location_id = %(location_id)s;

DELETE FROM silver.order_lines AS child USING silver.orders
WHERE child.order_key = orders.order_key AND orders.location_id = %(location_id)s;

DELETE FROM silver.order_adjustments AS child USING silver.orders
WHERE child.order_key = orders.order_key AND orders.location_id = %(location_id)s;

DELETE FROM silver.order_tenders AS child USING silver.orders
WHERE child.order_key = orders.order_key AND orders.location_id = %(location_id)s;

DELETE FROM silver.order_return_lines AS child USING silver.orders
WHERE child.order_key = orders.order_key AND orders.location_id = %(location_id)s;

DELETE FROM silver.refunds WHERE location_id = %(location_id)s;

DELETE FROM silver.orders WHERE location_id = %(location_id)s;

DELETE FROM bronze.square_orders WHERE location_id = %(location_id)s;

DELETE FROM bronze.rejected WHERE starts_with(object_id, %(prefix)s);

DELETE FROM bronze.square_catalog WHERE starts_with(object_id, %(prefix)s);

DELETE FROM silver.products WHERE starts_with(product_id, %(prefix)s);

DELETE FROM gold.dim_product WHERE starts_with(product_id, %(prefix)s);

DELETE FROM bronze.square_customers WHERE starts_with(customer_id, %(prefix)s);

DELETE FROM silver.customers WHERE starts_with(customer_id, %(prefix)s);

DELETE FROM gold.dim_customer WHERE starts_with(customer_id, %(prefix)s);

DELETE FROM bronze.square_locations WHERE location_id = %(location_id)s;

DELETE FROM silver.locations WHERE location_id = %(location_id)s;

DELETE FROM gold.dim_location WHERE location_id = %(location_id)s
