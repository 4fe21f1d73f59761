-- Ingredients that are stated in another unit than their ledger is kept in.
SELECT known.name, known.unit, stated.unit
FROM inventory.ingredient AS known
JOIN stated_ingredient AS stated USING (name)
WHERE stated.unit <> known.unit
ORDER BY known.name
