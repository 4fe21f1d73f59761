-- One row per item variation and per modifier of silver.
MERGE INTO gold.dim_product AS dim
USING silver.products AS source ON dim.product_id = source.product_id
WHEN MATCHED AND (
    dim.kind, dim.item_name, dim.variation_name, dim.category, dim.sku, dim.is_deleted
) IS DISTINCT FROM (
    source.kind, source.item_name, source.variation_name, source.category, source.sku, source.is_deleted
) THEN UPDATE SET
    kind = source.kind,
    item_name = source.item_name,
    variation_name = source.variation_name,
    category = source.category,
    sku = source.sku,
    is_deleted = source.is_deleted
WHEN NOT MATCHED THEN INSERT (product_id, kind, item_name, variation_name, category, sku, is_deleted)
VALUES (
    source.product_id, source.kind, source.item_name, source.variation_name, source.category, source.sku,
    source.is_deleted
)
