-- One row per order: new, or in place of an earlier version. Leaves the orders' keys in written_order.
WITH dated AS (
    SELECT
        incoming.*,
        silver.business_date(
            coalesce(incoming.closed_at, incoming.created_at), locations.timezone, locations.cutover_hour
        ) AS business_date
    FROM incoming_order AS incoming
    JOIN silver.locations USING (location_id)
),
written AS (
    INSERT INTO silver.orders (
        order_id, version, location_id, customer_id, state, source, currency, business_date,
        gross_cents, discount_cents, tax_cents, inclusive_tax_cents, service_charge_cents, tip_cents, total_cents,
        returned_gross_cents, returned_discount_cents, returned_tax_cents, returned_inclusive_tax_cents,
        returned_service_charge_cents, returned_tip_cents, returned_total_cents,
        created_at, updated_at, closed_at
    )
    SELECT
        order_id, version, location_id, customer_id, state, source, currency, business_date,
        gross_cents, discount_cents, tax_cents, inclusive_tax_cents, service_charge_cents, tip_cents, total_cents,
        returned_gross_cents, returned_discount_cents, returned_tax_cents, returned_inclusive_tax_cents,
        returned_service_charge_cents, returned_tip_cents, returned_total_cents,
        created_at, updated_at, closed_at
    FROM dated
    ORDER BY number
    ON CONFLICT (order_id) DO UPDATE SET
        version = excluded.version,
        location_id = excluded.location_id,
        customer_id = excluded.customer_id,
        state = excluded.state,
        source = excluded.source,
        currency = excluded.currency,
        business_date = excluded.business_date,
        gross_cents = excluded.gross_cents,
        discount_cents = excluded.discount_cents,
        tax_cents = excluded.tax_cents,
        inclusive_tax_cents = excluded.inclusive_tax_cents,
        service_charge_cents = excluded.service_charge_cents,
        tip_cents = excluded.tip_cents,
        total_cents = excluded.total_cents,
        returned_gross_cents = excluded.returned_gross_cents,
        returned_discount_cents = excluded.returned_discount_cents,
        returned_tax_cents = excluded.returned_tax_cents,
        returned_inclusive_tax_cents = excluded.returned_inclusive_tax_cents,
        returned_service_charge_cents = excluded.returned_service_charge_cents,
        returned_tip_cents = excluded.returned_tip_cents,
        returned_total_cents = excluded.returned_total_cents,
        created_at = excluded.created_at,
        updated_at = excluded.updated_at,
        closed_at = excluded.closed_at
    RETURNING order_id, order_key, old.order_key IS NOT NULL AS is_replaced
)
INSERT INTO written_order (number, order_key, is_replaced)
SELECT incoming_order.number, written.order_key, written.is_replaced
FROM written
JOIN incoming_order USING (order_id)
