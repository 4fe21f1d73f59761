-- One row per variation, modifier on it, and stretch of business days. What is stated replaces all rows of what it is
-- of; the rows of what nothing is stated of end.
MERGE INTO inventory.recipe AS known
USING stated_sold AS stated
    ON known.product_key = stated.product_key
    AND known.modifier_key = stated.modifier_key
    AND known.valid_from_date = stated.valid_from_date
WHEN MATCHED AND known.valid_to_date <> stated.valid_to_date THEN UPDATE SET valid_to_date = stated.valid_to_date
WHEN NOT MATCHED BY TARGET THEN INSERT (product_key, modifier_key, valid_from_date, valid_to_date)
VALUES (stated.product_key, stated.modifier_key, stated.valid_from_date, stated.valid_to_date)
WHEN NOT MATCHED BY SOURCE AND (
    known.valid_from_date >= %(today)s
    OR (known.product_key, known.modifier_key) IN (SELECT product_key, modifier_key FROM stated_sold)
) THEN DELETE
WHEN NOT MATCHED BY SOURCE AND known.valid_to_date > %(today)s THEN UPDATE SET valid_to_date = %(today)s
