"""Suppliers, ingredients, costs and recipes, from the configuration into the database."""

from dataclasses import dataclass
from datetime import date

import psycopg

from include.config.inventory import Inventory


@dataclass(frozen=True)
class Loaded:
    """How many recipes are new, have other quantities, and have ended."""

    new_count: int = 0
    corrected_count: int = 0
    ended_count: int = 0


def load_recipes(connection: psycopg.Connection, inventory: Inventory, today: date) -> Loaded:
    """Makes the database say what the configuration says, in the caller's transaction; the same again changes nothing.

    :param today: the first day on which what the configuration no longer names is not there.
    """
    raise NotImplementedError
