UPDATE partner.file
SET state = 'replaced'
WHERE kind = %(kind)s::text AND delivery_date = %(delivery_date)s::date
