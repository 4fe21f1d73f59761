"""What no single field of the inventory's files can tell."""

from collections.abc import Iterator, Mapping

from include.config.chain import Chain
from include.config.document import Document
from include.config.errors import Problem


def check_inventory(documents: Mapping[str, Document], chain: Chain) -> Iterator[Problem]:
    """:param documents: ingredients, suppliers and recipes, by the file's name without suffix."""
    yield from ()
