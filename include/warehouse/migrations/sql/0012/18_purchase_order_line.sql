CREATE VIEW reporting.purchase_order_line AS
SELECT
    purchase_order.number AS order_number,
    purchase_order.state,
    location.name AS location_name,
    supplier.name AS supplier_name,
    ingredient.name AS ingredient_name,
    line.pack_name,
    line.proposed_pack_count,
    line.ordered_pack_count,
    progress.ordered_quantity,
    progress.received_quantity,
    progress.remaining_quantity,
    ingredient.unit,
    line.pack_price_cents,
    line.ordered_pack_count::bigint * line.pack_price_cents AS ordered_cost_cents,
    purchase_order.currency,
    purchase_order.proposed_at,
    purchase_order.decided_at,
    purchase_order.decided_by,
    purchase_order.expected_date,
    purchase_order.closed_at,
    line.on_hand AS on_hand_quantity,
    line.reorder_point AS reorder_point_quantity,
    line.runs_out_date
FROM inventory.purchase_order
JOIN inventory.purchase_order_progress AS progress USING (purchase_order_key)
JOIN gold.dim_location AS location USING (location_key)
JOIN inventory.supplier USING (supplier_key)
JOIN inventory.ingredient USING (ingredient_key)
LEFT JOIN inventory.purchase_order_line AS line USING (purchase_order_key, ingredient_key);

COMMENT ON VIEW reporting.purchase_order_line IS
    'What was ordered from suppliers: one row per order and ingredient, from the proposal on.';
COMMENT ON COLUMN reporting.purchase_order_line.order_number IS 'What people and suppliers call the order.';
COMMENT ON COLUMN reporting.purchase_order_line.state IS
    'proposed, ordered, partly_received, received, rejected, expired (nobody answered in time) or cancelled.';
COMMENT ON COLUMN reporting.purchase_order_line.location_name IS 'The location it is for.';
COMMENT ON COLUMN reporting.purchase_order_line.supplier_name IS 'Supplier.';
COMMENT ON COLUMN reporting.purchase_order_line.ingredient_name IS 'Ingredient.';
COMMENT ON COLUMN reporting.purchase_order_line.pack_name IS
    'What it is ordered in; empty if it came without being ordered.';
COMMENT ON COLUMN reporting.purchase_order_line.proposed_pack_count IS 'Packs that were proposed.';
COMMENT ON COLUMN reporting.purchase_order_line.ordered_pack_count IS
    'Packs that were approved and ordered; empty until decided, 0: left out.';
COMMENT ON COLUMN reporting.purchase_order_line.ordered_quantity IS 'The same as a quantity.';
COMMENT ON COLUMN reporting.purchase_order_line.received_quantity IS 'What has come so far.';
COMMENT ON COLUMN reporting.purchase_order_line.remaining_quantity IS 'What is still to come.';
COMMENT ON COLUMN reporting.purchase_order_line.unit IS 'The unit of every quantity in the row, such as kg or each.';
COMMENT ON COLUMN reporting.purchase_order_line.pack_price_cents IS
    'Price of a pack, in cents; empty if none is known.';
COMMENT ON COLUMN reporting.purchase_order_line.ordered_cost_cents IS 'Packs ordered times their price, in cents.';
COMMENT ON COLUMN reporting.purchase_order_line.currency IS 'The currency of the amounts (ISO 4217).';
COMMENT ON COLUMN reporting.purchase_order_line.proposed_at IS 'When it was proposed.';
COMMENT ON COLUMN reporting.purchase_order_line.decided_at IS 'When it was approved, rejected or no longer waited for.';
COMMENT ON COLUMN reporting.purchase_order_line.decided_by IS 'Who approved or rejected it; empty if nobody did.';
COMMENT ON COLUMN reporting.purchase_order_line.expected_date IS 'When the delivery is expected.';
COMMENT ON COLUMN reporting.purchase_order_line.closed_at IS 'When nothing more was to come.';
COMMENT ON COLUMN reporting.purchase_order_line.on_hand_quantity IS 'What there was when it was proposed.';
COMMENT ON COLUMN reporting.purchase_order_line.reorder_point_quantity IS 'Below how much it is ordered, as of then.';
COMMENT ON COLUMN reporting.purchase_order_line.runs_out_date IS 'The day on which it was expected to run out.';
