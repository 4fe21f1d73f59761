-- An ingredient that keeps its SKU under a new name is the same one.
UPDATE inventory.ingredient AS known
SET name = stated.name
FROM stated_ingredient AS stated
WHERE stated.sku = known.sku
    AND stated.name <> known.name
    AND NOT EXISTS (SELECT FROM inventory.ingredient AS other WHERE other.name = stated.name)
    AND NOT EXISTS (SELECT FROM stated_ingredient AS other WHERE other.name = known.name)
