"""The chain: locations.yaml and products.yaml of one folder, read together."""

import os
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from include.config.checks import check
from include.config.document import Document, read
from include.config.errors import ConfigError, Problem
from include.config.locations import Location, Locations
from include.config.model import MailAddress, Model, Name
from include.config.products import Products

DEMO_FOLDER = Path(__file__).parent / "chain"


class Chain(Model):
    """A chain of stores: who it is, who hears of it, where it sells, and what."""

    name: Name
    operations_recipients: tuple[MailAddress, ...]
    report_recipients: tuple[MailAddress, ...]
    locations: tuple[Location, ...]
    products: Products

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

    :raises ConfigError: with every problem of both files, each with file, line and field.
    """
    folder = folder or Path(os.environ.get("STOREKEEPER_CONFIG") or DEMO_FOLDER)
    files = (folder / "locations.yaml", folder / "products.yaml")
    return _load(*files, tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files))


@lru_cache(maxsize=8)
def _load(locations_file: Path, products_file: Path, _changed_at: tuple[int, ...]) -> Chain:
    documents: list[Document] = []
    problems: list[Problem] = []
    for file in (locations_file, products_file):
        try:
            documents.append(read(file))
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    locations_document, products_document = documents
    locations = _validate(Locations, locations_document, problems)
    products = _validate(Products, products_document, problems)
    problems.extend(check(locations_document, products_document))
    if problems or locations is None or products is None:
        raise ConfigError(problems)
    return Chain(
        name=locations.chain,
        operations_recipients=locations.operations_recipients,
        report_recipients=locations.report_recipients,
        locations=locations.locations,
        products=products,
    )


Whole = TypeVar("Whole", bound=Model)


def _validate(model: type[Whole], document: Document, problems: list[Problem]) -> Whole | None:
    try:
        return model.model_validate(document.values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            match detail["type"]:
                case "missing":
                    message = "is missing"
                case "extra_forbidden":
                    message = "is no field here"
                case "value_error":
                    message = str(detail["ctx"]["error"])
                case _:
                    message = f"{detail['msg']}, not {detail['input']!r}"
            problems.append(document.problem(detail["loc"], message))
        return None
