-- One row per stated recipe and product of the warehouse that it is of.
INSERT INTO stated_sold (number, product_key, modifier_key, valid_from_date, valid_to_date)
SELECT
    stated.number,
    variation.product_key,
    coalesce(modifier.product_key, 0),
    stated.valid_from_date,
    coalesce(stated.valid_to_date, 'infinity')
FROM stated_recipe AS stated
JOIN gold.dim_product AS variation ON variation.kind = 'variation' AND variation.sku = stated.sku
LEFT JOIN gold.dim_product AS modifier
    ON modifier.kind = 'modifier'
    AND modifier.category = stated.list_name
    AND modifier.item_name = stated.modifier
WHERE stated.list_name IS NULL OR modifier.product_key IS NOT NULL
