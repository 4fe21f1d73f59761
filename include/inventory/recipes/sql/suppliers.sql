-- One row per supplier that was ever stated.
MERGE INTO inventory.supplier AS known
USING stated_supplier AS stated ON known.name = stated.name
WHEN MATCHED AND NOT known.is_active THEN UPDATE SET is_active = true
WHEN NOT MATCHED BY TARGET THEN INSERT (name, is_active) VALUES (stated.name, true)
WHEN NOT MATCHED BY SOURCE AND known.is_active THEN UPDATE SET is_active = false
