-- Where the typed rows of a chunk of orders wait for silver: one table per table of silver, one row per row there.
-- `number` is the order's place in the chunk; decimals wait as the text that Square sends. They live as long as the session, their rows as long as the transaction.
CREATE TEMPORARY TABLE IF NOT EXISTS incoming_order (
    number                        integer NOT NULL,
    order_id                      text NOT NULL,
    version                       integer NOT NULL,
    location_id                   text NOT NULL,
    customer_id                   text,
    state                         text NOT NULL,
    source                        text NOT NULL,
    currency                      text NOT NULL,
    gross_cents                   bigint NOT NULL,
    discount_cents                bigint NOT NULL,
    tax_cents                     bigint NOT NULL,
    inclusive_tax_cents           bigint NOT NULL,
    service_charge_cents          bigint NOT NULL,
    tip_cents                     bigint NOT NULL,
    total_cents                   bigint NOT NULL,
    returned_gross_cents          bigint NOT NULL,
    returned_discount_cents       bigint NOT NULL,
    returned_tax_cents            bigint NOT NULL,
    returned_inclusive_tax_cents  bigint NOT NULL,
    returned_service_charge_cents bigint NOT NULL,
    returned_tip_cents            bigint NOT NULL,
    returned_total_cents          bigint NOT NULL,
    created_at                    timestamptz NOT NULL,
    updated_at                    timestamptz NOT NULL,
    closed_at                     timestamptz
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE IF NOT EXISTS incoming_line (
    number               integer NOT NULL,
    line_number          smallint NOT NULL,
    line_uid             text NOT NULL,
    variation_id         text,
    item_name            text NOT NULL,
    variation_name       text NOT NULL,
    item_type            text NOT NULL,
    quantity             text NOT NULL,
    base_price_cents     bigint NOT NULL,
    gross_cents          bigint NOT NULL,
    discount_cents       bigint NOT NULL,
    tax_cents            bigint NOT NULL,
    inclusive_tax_cents  bigint NOT NULL,
    service_charge_cents bigint NOT NULL,
    total_cents          bigint NOT NULL
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE IF NOT EXISTS incoming_modifier (
    number           integer NOT NULL,
    line_number      smallint NOT NULL,
    modifier_number  smallint NOT NULL,
    modifier_uid     text NOT NULL,
    modifier_id      text,
    name             text NOT NULL,
    quantity         text NOT NULL,
    base_price_cents bigint NOT NULL,
    total_cents      bigint NOT NULL
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE IF NOT EXISTS incoming_adjustment (
    number            integer NOT NULL,
    kind              text NOT NULL,
    adjustment_number smallint NOT NULL,
    catalog_id        text,
    name              text NOT NULL,
    percentage        text,
    is_inclusive      boolean NOT NULL,
    amount_cents      bigint NOT NULL
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE IF NOT EXISTS incoming_tender (
    number        integer NOT NULL,
    tender_number smallint NOT NULL,
    tender_type   text NOT NULL,
    amount_cents  bigint NOT NULL,
    tip_cents     bigint NOT NULL,
    paid_at       timestamptz
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE IF NOT EXISTS incoming_return_line (
    number              integer NOT NULL,
    return_number       smallint NOT NULL,
    line_number         smallint NOT NULL,
    source_order_id     text,
    source_line_uid     text,
    variation_id        text,
    item_name           text NOT NULL,
    variation_name      text NOT NULL,
    quantity            text NOT NULL,
    gross_cents         bigint NOT NULL,
    discount_cents      bigint NOT NULL,
    tax_cents           bigint NOT NULL,
    inclusive_tax_cents bigint NOT NULL,
    total_cents         bigint NOT NULL
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE IF NOT EXISTS incoming_refund (
    number       integer NOT NULL,
    refund_id    text NOT NULL,
    status       text NOT NULL,
    reason       text NOT NULL,
    amount_cents bigint NOT NULL,
    refunded_at  timestamptz NOT NULL
) ON COMMIT DELETE ROWS;

-- One row per order of the chunk that silver holds now, with its key there.
CREATE TEMPORARY TABLE IF NOT EXISTS written_order (
    number      integer NOT NULL,
    order_key   bigint NOT NULL,
    is_replaced boolean NOT NULL
) ON COMMIT DELETE ROWS;

TRUNCATE
    incoming_order, incoming_line, incoming_modifier, incoming_adjustment, incoming_tender,
    incoming_return_line, incoming_refund, written_order
