-- One row per thing that happened to a location's supply between two instants: what ran short, what was proposed,
-- decided, received or called off, per ingredient.
WITH own_order AS (
    SELECT purchase_order.*, supplier.name AS supplier_name
    FROM inventory.purchase_order
    JOIN inventory.supplier USING (supplier_key)
    WHERE location_key = %(location_key)s
),
own_line AS (
    SELECT * FROM own_order JOIN inventory.purchase_order_line USING (purchase_order_key)
),
happened AS (
    SELECT
        opened_at AS happened_at,
        CASE level WHEN 'out' THEN 'ran out' ELSE 'ran short' END AS event,
        ingredient_key,
        NULL::text AS number,
        NULL::text AS supplier_name,
        NULL::numeric AS quantity,
        NULL::integer AS pack_count,
        NULL::text AS pack_name,
        NULL::bigint AS cost_cents,
        NULL::text AS currency,
        NULL::text AS person,
        NULL::text AS reason,
        on_hand,
        on_order,
        reorder_point,
        NULL::date AS runs_out_date
    FROM inventory.shortage
    WHERE location_key = %(location_key)s
    UNION ALL
    SELECT
        closed_at, 'enough again', ingredient_key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL
    FROM inventory.shortage
    WHERE location_key = %(location_key)s AND closed_at IS NOT NULL
    UNION ALL
    SELECT
        proposed_at, 'proposed', ingredient_key, number, supplier_name, proposed_pack_count * pack_quantity,
        proposed_pack_count, pack_name, proposed_pack_count::bigint * pack_price_cents, currency, NULL, NULL, on_hand,
        on_order, reorder_point, runs_out_date
    FROM own_line
    UNION ALL
    SELECT
        decided_at,
        CASE
            WHEN state = 'rejected' THEN 'rejected'
            WHEN state = 'expired' THEN 'nobody answered'
            WHEN ordered_pack_count = 0 THEN 'left out'
            ELSE 'ordered'
        END,
        ingredient_key, number, supplier_name, ordered_pack_count * pack_quantity, ordered_pack_count, pack_name,
        ordered_pack_count::bigint * pack_price_cents, currency, decided_by, NULL, on_hand, on_order, reorder_point,
        runs_out_date
    FROM own_line
    WHERE decided_at IS NOT NULL
    UNION ALL
    SELECT
        own_order.closed_at, 'called off', progress.ingredient_key, number, supplier_name,
        progress.ordered_quantity - progress.received_quantity, NULL, NULL, NULL, currency, NULL, NULL, NULL, NULL,
        NULL, NULL
    FROM own_order
    JOIN inventory.purchase_order_progress AS progress USING (purchase_order_key)
    WHERE own_order.state = 'cancelled' AND progress.ordered_quantity > progress.received_quantity
    UNION ALL
    SELECT
        entry.occurred_at, 'received', entry.ingredient_key, own_order.number, own_order.supplier_name, entry.quantity,
        NULL, NULL, NULL, own_order.currency, entry.entered_by, nullif(entry.reason, ''), NULL, NULL, NULL, NULL
    FROM inventory.entry
    LEFT JOIN inventory.purchase_receipt USING (entry_id)
    LEFT JOIN own_order USING (purchase_order_key)
    WHERE entry.location_key = %(location_key)s AND entry.kind = 'receipt'
)
SELECT
    happened.happened_at,
    happened.event,
    ingredient.name AS ingredient_name,
    ingredient.unit,
    happened.number,
    happened.supplier_name,
    trim_scale(happened.quantity) AS quantity,
    happened.pack_count,
    happened.pack_name,
    happened.cost_cents,
    happened.currency,
    happened.person,
    happened.reason,
    happened.on_hand,
    happened.on_order,
    happened.reorder_point,
    happened.runs_out_date
FROM happened
JOIN inventory.ingredient USING (ingredient_key)
WHERE happened.happened_at >= %(start_at)s AND happened.happened_at < %(end_at)s
ORDER BY happened.happened_at, happened.number, ingredient.name
