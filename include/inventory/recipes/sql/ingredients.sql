-- One row per ingredient that was ever stated.
MERGE INTO inventory.ingredient AS known
USING (
    SELECT stated.*, supplier.supplier_key
    FROM stated_ingredient AS stated
    LEFT JOIN inventory.supplier ON supplier.name = stated.supplier
) AS stated ON known.name = stated.name
WHEN MATCHED AND (
    known.sku, known.is_sold_by_square, known.supplier_key, known.pack_quantity, known.is_active
) IS DISTINCT FROM (
    stated.sku, stated.is_sold_by_square, stated.supplier_key, stated.pack_quantity, true
) THEN UPDATE SET
    sku = stated.sku,
    is_sold_by_square = stated.is_sold_by_square,
    supplier_key = stated.supplier_key,
    pack_quantity = stated.pack_quantity,
    is_active = true
WHEN NOT MATCHED BY TARGET THEN INSERT (
    name, unit, sku, is_sold_by_square, supplier_key, pack_quantity, is_active
)
VALUES (
    stated.name, stated.unit, stated.sku, stated.is_sold_by_square, stated.supplier_key, stated.pack_quantity, true
)
WHEN NOT MATCHED BY SOURCE AND known.is_active THEN UPDATE SET is_active = false
