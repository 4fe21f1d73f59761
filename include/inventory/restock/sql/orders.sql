-- One row per purchase order.
SELECT
    purchase_order.purchase_order_key,
    purchase_order.number,
    purchase_order.location_key,
    location.name AS location_name,
    supplier.name AS supplier_name,
    purchase_order.state,
    purchase_order.run_id,
    -- Which of the run's tasks asks for the answer.
    (
        SELECT count(*)::integer
        FROM inventory.purchase_order AS before
        WHERE before.run_id = purchase_order.run_id
            AND before.purchase_order_key < purchase_order.purchase_order_key
    ) AS map_index,
    purchase_order.proposed_at,
    purchase_order.answer_by_at,
    purchase_order.order_by_at,
    purchase_order.expected_date,
    purchase_order.currency,
    purchase_order.decided_at,
    purchase_order.decided_by,
    purchase_order.chased_date
FROM inventory.purchase_order
JOIN gold.dim_location AS location USING (location_key)
JOIN inventory.supplier USING (supplier_key)
WHERE purchase_order.purchase_order_key = ANY(%(purchase_order_keys)s)
ORDER BY purchase_order.purchase_order_key
