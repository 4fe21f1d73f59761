-- One row per kind and day of which a file's records hold.
SELECT kind, delivery_date
FROM partner.file
WHERE state = 'loaded' AND delivery_date <= %(day)s::date
ORDER BY delivery_date, kind COLLATE "C"
