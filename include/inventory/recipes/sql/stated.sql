-- What the configuration says, until the end of the transaction: one row per supplier, ingredient, cost and recipe
-- (number: its own, list_name and modifier NULL: of the variation itself) and per ingredient of a recipe.
CREATE TEMPORARY TABLE IF NOT EXISTS stated_supplier (
    name text NOT NULL
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE IF NOT EXISTS stated_ingredient (
    name              text NOT NULL,
    unit              text NOT NULL,
    sku               text NOT NULL,
    is_sold_by_square boolean NOT NULL,
    supplier          text,
    pack_quantity     numeric
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE IF NOT EXISTS stated_cost (
    ingredient      text NOT NULL,
    valid_from_date date NOT NULL,
    valid_to_date   date,
    pack_cents      integer NOT NULL,
    pack_quantity   numeric NOT NULL
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE IF NOT EXISTS stated_recipe (
    number          integer NOT NULL,
    sku             text NOT NULL,
    list_name       text,
    modifier        text,
    valid_from_date date NOT NULL,
    valid_to_date   date
) ON COMMIT DELETE ROWS;

CREATE TEMPORARY TABLE IF NOT EXISTS stated_recipe_ingredient (
    number     integer NOT NULL,
    ingredient text NOT NULL,
    quantity   numeric NOT NULL
) ON COMMIT DELETE ROWS;

-- One row per recipe and product of the warehouse that it is of: the same SKU may have been given again.
CREATE TEMPORARY TABLE IF NOT EXISTS stated_sold (
    number          integer NOT NULL,
    product_key     integer NOT NULL,
    modifier_key    integer NOT NULL,
    valid_from_date date NOT NULL,
    valid_to_date   date NOT NULL
) ON COMMIT DELETE ROWS;

TRUNCATE stated_supplier, stated_ingredient, stated_cost, stated_recipe, stated_recipe_ingredient, stated_sold
