"""Mail addresses as people type them: separated by commas, semicolons, spaces or line ends."""

import re

from pydantic import TypeAdapter, ValidationError

from include.config.model import MailAddress

_ADDRESS: TypeAdapter[str] = TypeAdapter(MailAddress)


def split_addresses(text: str) -> list[str]:
    """Each once."""
    return list(dict.fromkeys(part for part in re.split(r"[\s,;]+", text) if part))


def read_addresses(text: str) -> tuple[list[str], str | None]:
    """The addresses, and which of them are none, in a sentence."""
    typed = split_addresses(text)
    wrong = [address for address in typed if not _is_address(address)]
    return typed, f"No mail address: {', '.join(wrong)}" if wrong else None


def _is_address(text: str) -> bool:
    try:
        _ADDRESS.validate_python(text)
    except ValidationError:
        return False
    return True
