"""What all models of the chain have in common, and the kinds of values they are made of."""

import re
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints


class Model(BaseModel):
    """Read-only, strict about types, and closed: an unknown field is a misspelt one."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _cents(value: Any) -> int:
    """``"10.50"`` → 1050. A number without quotes is refused: YAML would have made a float of it."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,7}(\.\d{2})?", value):
        raise ValueError(f'{value!r} is no price: write it in quotes with two decimals, as "10.50"')
    return int(Decimal(value) * 100)


def _percentage(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,2}(\.\d{1,5})?|100", value):
        raise ValueError(f'{value!r} is no percentage: write it in quotes, as "8.875"')
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+", value):
        raise ValueError(f"{value!r} is no mail address")
    return value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Element = TypeVar("Element")
# A list in the file, read-only in Python.
Many = Annotated[tuple[Element, ...], BeforeValidator(_tuple)]

Name = Annotated[str, StringConstraints(min_length=1, max_length=255, strip_whitespace=True)]
Cents = Annotated[int, BeforeValidator(_cents)]
Percentage = Annotated[str, BeforeValidator(_percentage)]
MailAddress = Annotated[str, AfterValidator(_address)]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
