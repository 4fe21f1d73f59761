"""The seller of the Square tests: online orders are made of their menu."""

from tests.sandbox.square.conftest import location, menu, square

__all__ = ["location", "menu", "square"]
