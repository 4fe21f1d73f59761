"""The chain: the YAML files of one folder, read together."""

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from include.config.checks import check
from include.config.document import Document, read, validate
from include.config.errors import ConfigError, Problem
from include.config.large_orders import LargeOrders
from include.config.locations import Location, Locations
from include.config.model import MailAddress, Model, Name
from include.config.phones import Phones
from include.config.products import Products

DEMO_FOLDER = Path(__file__).parent / "chain"
# A file's name → what it holds. Without phones.yaml no call is watched, without large_orders.yaml no order.
REQUIRED = ("locations", "products")
OPTIONAL: dict[str, type[Model]] = {"phones": Phones, "large_orders": LargeOrders}
FILES = (*REQUIRED, *OPTIONAL)


class Chain(Model):
    """A chain of stores: who it is, who hears of it, where it sells, and what."""

    name: Name
    operations_recipients: tuple[MailAddress, ...]
    report_recipients: tuple[MailAddress, ...]
    locations: tuple[Location, ...]
    products: Products
    phones: Phones = Phones()
    large_orders: LargeOrders = LargeOrders()

    def location(self, name: str) -> Location:
        """The location of that name.

        :raises KeyError: when the chain has none.
        """
        for location in self.locations:
            if location.name == name:
                return location
        raise KeyError(f"the chain has no location {name!r}, only {', '.join(each.name for each in self.locations)}")

    def location_of_square(self, square_location_id: str, name: str) -> Location | None:
        """What the chain says of a location of Square: found by its id, else by its name; None when it says nothing."""
        for location in self.locations:
            if location.square_location_id == square_location_id:
                return location
        for location in self.locations:
            if location.square_location_id is None and location.name == name:
                return location
        return None


def load_chain(folder: Path | None = None) -> Chain:
    """Reads the chain of a folder (default: `STOREKEEPER_CONFIG`, else the demo chain); cached until a file changes.

    :raises ConfigError: with every problem of all files, each with file, line and field.
    """
    folder = folder or config_folder()
    return _load(folder, changed_at(folder, FILES))


def config_folder() -> Path:
    """Where the chain's files lie: `STOREKEEPER_CONFIG`, else the demo chain."""
    return Path(os.environ.get("STOREKEEPER_CONFIG") or DEMO_FOLDER)


def changed_at(folder: Path, names: Iterable[str]) -> tuple[int, ...]:
    """When each of the files was changed, 0 for one that is not there."""
    files = (folder / f"{name}.yaml" for name in names)
    return tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)


@lru_cache(maxsize=8)
def _load(folder: Path, _changed_at: tuple[int, ...]) -> Chain:
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for name in FILES:
        file = folder / f"{name}.yaml"
        if name in OPTIONAL and not file.exists():
            continue
        try:
            documents[name] = read(file)
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    locations = validate(Locations, documents["locations"], problems)
    products = validate(Products, documents["products"], problems)
    optional: dict[str, Any] = {
        name: validate(model, documents[name], problems) for name, model in OPTIONAL.items() if name in documents
    }
    problems.extend(check(documents))
    if problems or locations is None or products is None:
        raise ConfigError(problems)
    return Chain(
        name=locations.chain,
        operations_recipients=locations.operations_recipients,
        report_recipients=locations.report_recipients,
        locations=locations.locations,
        products=products,
        **optional,
    )
