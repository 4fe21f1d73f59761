-- One row per tender of the chunk's orders.
INSERT INTO silver.order_tenders (
    order_key, number, tender_type, amount_cents, tip_cents, paid_at
)
SELECT
    written_order.order_key, tender_number, tender_type, amount_cents, tip_cents, paid_at
FROM incoming_tender AS incoming
JOIN written_order USING (number)
