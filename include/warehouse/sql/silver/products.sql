-- One row per item variation and per modifier that the catalog has ever held; what it holds no more is deleted.
WITH categories AS (
    SELECT object_id AS category_id, body #>> '{category_data,name}' AS name
    FROM bronze.square_catalog
    WHERE object_type = 'CATEGORY'
),
items AS (
    SELECT
        object_id AS item_id,
        is_deleted,
        body -> 'item_data' AS item,
        coalesce(
            body #>> '{item_data,reporting_category,id}',
            body #>> '{item_data,categories,0,id}',
            body #>> '{item_data,category_id}'
        ) AS category_id
    FROM bronze.square_catalog
    WHERE object_type = 'ITEM'
),
variations AS (
    SELECT
        variation.body ->> 'id' AS product_id,
        'variation' AS kind,
        items.item_id AS parent_id,
        variation.body #>> '{item_variation_data,sku}' AS sku,
        coalesce(items.item ->> 'name', '') AS item_name,
        coalesce(variation.body #>> '{item_variation_data,name}', '') AS variation_name,
        coalesce(categories.name, '') AS category,
        (variation.body #>> '{item_variation_data,price_money,amount}')::bigint AS price_cents,
        variation.body #>> '{item_variation_data,price_money,currency}' AS currency,
        items.is_deleted OR coalesce((variation.body ->> 'is_deleted')::boolean, false) AS is_deleted
    FROM items
    CROSS JOIN LATERAL jsonb_array_elements(items.item -> 'variations') AS variation (body)
    LEFT JOIN categories USING (category_id)
),
modifiers AS (
    SELECT
        modifier.body ->> 'id',
        'modifier',
        lists.object_id,
        NULL,
        coalesce(modifier.body #>> '{modifier_data,name}', ''),
        '',
        coalesce(lists.body #>> '{modifier_list_data,name}', ''),
        (modifier.body #>> '{modifier_data,price_money,amount}')::bigint,
        modifier.body #>> '{modifier_data,price_money,currency}',
        lists.is_deleted OR coalesce((modifier.body ->> 'is_deleted')::boolean, false)
    FROM bronze.square_catalog AS lists
    CROSS JOIN LATERAL jsonb_array_elements(lists.body #> '{modifier_list_data,modifiers}') AS modifier (body)
    WHERE lists.object_type = 'MODIFIER_LIST'
),
products AS (
    SELECT DISTINCT ON (product_id) *
    FROM (SELECT * FROM variations UNION ALL SELECT * FROM modifiers) AS listed
    ORDER BY product_id, is_deleted
)
MERGE INTO silver.products AS known
USING products ON known.product_id = products.product_id
WHEN MATCHED AND (
    known.kind, known.parent_id, known.sku, known.item_name, known.variation_name, known.category, known.price_cents,
    known.currency, known.is_deleted
) IS DISTINCT FROM (
    products.kind, products.parent_id, products.sku, products.item_name, products.variation_name, products.category,
    products.price_cents, products.currency, products.is_deleted
) THEN UPDATE SET
    kind = products.kind,
    parent_id = products.parent_id,
    sku = products.sku,
    item_name = products.item_name,
    variation_name = products.variation_name,
    category = products.category,
    price_cents = products.price_cents,
    currency = products.currency,
    is_deleted = products.is_deleted
WHEN NOT MATCHED BY TARGET THEN INSERT (
    product_id, kind, parent_id, sku, item_name, variation_name, category, price_cents, currency, is_deleted
)
VALUES (
    products.product_id, products.kind, products.parent_id, products.sku, products.item_name, products.variation_name,
    products.category, products.price_cents, products.currency, products.is_deleted
)
WHEN NOT MATCHED BY SOURCE AND NOT known.is_deleted THEN UPDATE SET is_deleted = true
