"""What can be ordered at one location, and how often each thing is."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from include.config import Discount, Item, Location, Modifier, ModifierList, Products, Tax, Variation

# A few items sell most, the last of forty about a tenth as often as the first.
_FLATTENING = 4


@dataclass(frozen=True)
class Choice:
    """A variation as somebody orders it."""

    item: Item
    variation: Variation
    modifiers: tuple[tuple[ModifierList, Modifier], ...]


@dataclass(frozen=True)
class Menu:
    """A location's menu. Popularity is drawn from the seed: a favourite of one seed may sell badly in another."""

    items: tuple[Item, ...]
    cumulative_weights: tuple[float, ...]
    modifier_lists: dict[str, ModifierList]
    taxes: tuple[Tax, ...]
    discounts: tuple[Discount, ...]

    @classmethod
    def of(cls, products: Products, location: Location, seed: int) -> "Menu":
        items = list(products.items)
        Random(f"menu/{seed}").shuffle(items)
        return cls(
            tuple(items),
            tuple(accumulate(1 / (rank + _FLATTENING) for rank in range(len(items)))),
            {modifier_list.name: modifier_list for modifier_list in products.modifier_lists},
            tuple(tax for tax in products.taxes if tax.locations is None or location.name in tax.locations),
            products.discounts,
        )

    def taxes_of(self, item: Item) -> tuple[Tax, ...]:
        return tuple(tax for tax in self.taxes if item.taxes is None or tax.name in item.taxes)

    def choose(self, random: Random) -> Choice:
        item = random.choices(self.items, cum_weights=self.cumulative_weights)[0]
        variation = random.choice(item.variations)
        modifiers: list[tuple[ModifierList, Modifier]] = []
        for name in item.modifier_lists:
            modifier_list = self.modifier_lists[name]
            if random.random() < 0.2:
                is_pair = modifier_list.selection == "multiple" and random.random() < 0.2
                count = min(2 if is_pair else 1, len(modifier_list.modifiers))
                modifiers.extend(
                    (modifier_list, modifier) for modifier in random.sample(modifier_list.modifiers, count)
                )
        return Choice(item, variation, tuple(modifiers))
