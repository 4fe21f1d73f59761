"""The catalog that the chain wants, as Square's objects."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from include.config import Category, Discount, Item, ModifierList, Products, Tax
from include.square.catalog import DATA, Catalog, Key
from include.square.raw import Json


@dataclass
class Wish:
    """One object: what it must say, whatever else it says; its parts are objects of their own."""

    key: Key
    existing: Json | None
    fields: Json
    parts: "list[Wish]" = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.key[0].lower().replace('_', ' ')} {self.key[1]}"


class Wishes:
    """Turns the chain's products into wishes. Objects refer to one another by Square's id, else by a temporary one."""

    def __init__(
        self,
        products: Products,
        location_ids: Mapping[str, str],
        catalog: Catalog,
        counted_skus: Collection[str] = (),
    ) -> None:
        """:param counted_skus: of variations that a stock is kept of, besides those with an `initial_count`."""
        self._products = products
        self._location_ids = location_ids
        self._catalog = catalog
        self._counted_skus = counted_skus

    def all(self) -> Iterator[Wish]:
        """What is referred to comes before what refers to it."""
        for category in self._products.categories:
            yield from self._categories(category, None)
        yield from map(self._tax, self._products.taxes)
        yield from map(self._discount, self._products.discounts)
        yield from map(self._modifier_list, self._products.modifier_lists)
        yield from map(self._item, self._products.items)

    def _wish(self, kind: str, name: str, data: Json, existing: Json | None = None, **others: object) -> Wish:
        existing = existing or self._catalog.objects.get((kind, name))
        object_id = existing["id"] if existing else f"#{kind}:{name}"
        return Wish((kind, name), existing, {"type": kind, "id": object_id, DATA[kind]: data, **others})

    def _id(self, kind: str, name: str) -> str:
        existing = self._catalog.objects.get((kind, name))
        return str(existing["id"]) if existing else f"#{kind}:{name}"

    def _money(self, cents: int) -> Json:
        return {"amount": cents, "currency": self._products.currency}

    def _categories(self, category: Category, parent: Category | None) -> Iterator[Wish]:
        data: Json = {"name": category.name, "category_type": "REGULAR_CATEGORY"}
        if parent:
            data["parent_category"] = {"id": self._id("CATEGORY", parent.name)}
        yield self._wish("CATEGORY", category.name, data, present_at_all_locations=True)
        for child in category.categories:
            yield from self._categories(child, category)

    def _tax(self, tax: Tax) -> Wish:
        data: Json = {
            "name": tax.name,
            "calculation_phase": "TAX_SUBTOTAL_PHASE",
            "inclusion_type": "INCLUSIVE" if tax.inclusive else "ADDITIVE",
            "percentage": tax.percentage,
            "applies_to_custom_amounts": True,
            "enabled": True,
        }
        if tax.locations is None:
            return self._wish("TAX", tax.name, data, present_at_all_locations=True)
        present_at = [self._location_ids[name] for name in tax.locations]
        return self._wish("TAX", tax.name, data, present_at_all_locations=False, present_at_location_ids=present_at)

    def _discount(self, discount: Discount) -> Wish:
        data: Json = {"name": discount.name, "modify_tax_basis": "MODIFY_TAX_BASIS"}
        if discount.amount_cents is None:
            data |= {"discount_type": "FIXED_PERCENTAGE", "percentage": discount.percentage}
        else:
            data |= {"discount_type": "FIXED_AMOUNT", "amount_money": self._money(discount.amount_cents)}
        return self._wish("DISCOUNT", discount.name, data, present_at_all_locations=True)

    def _modifier_list(self, modifier_list: ModifierList) -> Wish:
        data = {"name": modifier_list.name, "selection_type": modifier_list.selection.upper()}
        whole = self._wish("MODIFIER_LIST", modifier_list.name, data, present_at_all_locations=True)
        for modifier in modifier_list.modifiers:
            part = {
                "name": modifier.name,
                "price_money": self._money(modifier.price_cents),
                "modifier_list_id": whole.fields["id"],
            }
            name = f"{modifier_list.name}/{modifier.name}"
            whole.parts.append(self._wish("MODIFIER", name, part, present_at_all_locations=True))
        return whole

    def _item(self, item: Item) -> Wish:
        category_id = self._id("CATEGORY", item.category)
        taxes = [tax.name for tax in self._products.taxes] if item.taxes is None else item.taxes
        data: Json = {
            "name": item.name,
            "product_type": "REGULAR",
            "is_taxable": bool(taxes),
            "categories": [{"id": category_id}],
            "reporting_category": {"id": category_id},
            "tax_ids": [self._id("TAX", name) for name in taxes],
            "modifier_list_info": [
                {"modifier_list_id": self._id("MODIFIER_LIST", name), "enabled": True} for name in item.modifier_lists
            ],
        }
        if item.description:
            data["description"] = item.description
        existing = self._catalog.item_of(item.name, [variation.sku for variation in item.variations])
        whole = self._wish("ITEM", item.name, data, existing, present_at_all_locations=True)
        for variation in item.variations:
            part = {
                "item_id": whole.fields["id"],
                "name": variation.name,
                "sku": variation.sku,
                "pricing_type": "FIXED_PRICING",
                "price_money": self._money(variation.price_cents),
                "track_inventory": variation.initial_count is not None or variation.sku in self._counted_skus,
            }
            whole.parts.append(self._wish("ITEM_VARIATION", variation.sku, part, present_at_all_locations=True))
        return whole
