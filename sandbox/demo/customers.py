"""Simulated customers: some come every week, most once or twice a year."""

from datetime import datetime, timedelta
from random import Random

from sandbox.demo.seller import Json
from sandbox.square.times import rfc3339

COUNT = 4000
# How skewed the visits are: the tenth of the customers that comes most makes four of ten visits.
_SKEW = 2.5

_GIVEN = (
    "Aisha", "Amara", "Ben", "Carlos", "Chloe", "Dana", "Diego", "Elena", "Emma", "Farid", "Grace", "Hana", "Hugo",
    "Ines", "Ivan", "Jamal", "Julia", "Kenji", "Lara", "Leo", "Lin", "Maya", "Mateo", "Nadia", "Noah", "Olga", "Omar",
    "Priya", "Quinn", "Rosa", "Sam", "Sofia", "Tara", "Tom", "Uma", "Victor", "Wei", "Yara", "Yusuf", "Zoe",
)  # fmt: skip
_FAMILY = (
    "Abbott", "Alvarez", "Baker", "Becker", "Bianchi", "Brooks", "Castillo", "Chen", "Cohen", "Diallo", "Dubois",
    "Evans", "Fischer", "Garcia", "Gupta", "Haddad", "Hansen", "Ito", "Jackson", "Jones", "Kim", "Kowalski", "Larsen",
    "Lopez", "Mensah", "Meyer", "Nguyen", "Novak", "Okafor", "Olsen", "Park", "Patel", "Quist", "Rossi", "Schmidt",
    "Silva", "Tanaka", "Turner", "Usman", "Vega", "Walker", "Yilmaz", "Young", "Zhang",
)  # fmt: skip


def draw(random: Random) -> int:
    return int(COUNT * random.random() ** _SKEW)


def customer(number: int, customer_id: str, first_visit_at: datetime, locality: str, country: str) -> Json:
    """The customer as Square answers it, made a minute before the first order."""
    given, family = name(number)
    created_at = rfc3339(first_visit_at - timedelta(minutes=1))
    return {
        "id": customer_id,
        "created_at": created_at,
        "updated_at": created_at,
        "given_name": given,
        "family_name": family,
        "email_address": f"{given}.{family}.{number}@example.com".lower(),
        # The block of numbers that is kept for fiction.
        "phone_number": f"+1{212 + number // 100 % 700}55501{number % 100:02d}",
        "address": {"locality": locality, "country": country},
        "creation_source": "FIRST_PARTY",
        "preferences": {"email_unsubscribed": number % 7 == 0},
        "version": 0,
    }


def name(number: int) -> tuple[str, str]:
    """Given and family name."""
    return _GIVEN[number % len(_GIVEN)], _FAMILY[number // len(_GIVEN) % len(_FAMILY)]
