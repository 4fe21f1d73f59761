"""The customers who come back."""

from include.sales.simulation.orders import REGULARS
from include.square.client import Square
from include.square.customers import create_customers, oldest_customers

_GIVEN_NAMES = ("Ana", "Ben", "Chloe", "David", "Elena", "Farid", "Grace", "Hiro", "Ines", "Jamal")
_FAMILY_NAMES = ("Alvarez", "Brooks", "Chen", "Diallo", "Evans", "Fischer", "Garcia", "Haddad", "Ito", "Jones")


def regulars(client: Square) -> list[str]:
    """The ids of the seller's hundred oldest customers, always in the same order; missing ones are made."""
    ids = [customer["id"] for customer in oldest_customers(client, REGULARS)]
    missing = range(len(ids), REGULARS)
    if missing:
        made = create_customers(client, {f"storekeeper-regular-{number}": _customer(number) for number in missing})
        ids.extend(customer["id"] for customer in made)
    return sorted(ids)


def _customer(number: int) -> dict[str, str]:
    given, family = _GIVEN_NAMES[number % 10], _FAMILY_NAMES[number // 10]
    return {
        "given_name": given,
        "family_name": family,
        "email_address": f"{given}.{family}@example.com".lower(),
        "reference_id": f"regular-{number}",
    }
