"""Quotients of whole numbers: exact, and rounded here only, so that no engine's division makes a difference."""

from decimal import ROUND_HALF_UP, Decimal


def mean_cents(amount_cents: int, count: int) -> int | None:
    """The mean amount, half a minor unit rounded up in size; None of nothing."""
    if count == 0:
        return None
    return int((Decimal(amount_cents) / count).quantize(Decimal(1), ROUND_HALF_UP))


def ratio(part: int, whole: int) -> Decimal | None:
    """To six places; None where there is nothing to be a part of."""
    return (Decimal(part) / whole).quantize(Decimal("0.000001"), ROUND_HALF_UP) if whole > 0 else None


def change(before: int, now: int) -> Decimal | None:
    """0.125 is a growth by an eighth; None where nothing was before."""
    return ratio(now - before, before)


def mean(total: int, count: int) -> Decimal | None:
    """To two places."""
    return (Decimal(total) / count).quantize(Decimal("0.01"), ROUND_HALF_UP) if count > 0 else None
