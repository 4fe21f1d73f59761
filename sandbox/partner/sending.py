"""Puts files into the folder that Storekeeper watches, as a transfer does it: under another name first."""

from datetime import date, datetime, timedelta
from pathlib import Path

from sandbox.partner.files import ZONE, Kind, Quality, content, filename


def yesterday() -> date:
    """The newest day that is over at the partner's."""
    return datetime.now(ZONE).date() - timedelta(days=1)


def send(folder: Path, day: date, quality: Quality = "as_usual", *, is_first: bool = False) -> list[Path]:
    """Both files of a day. What was forgotten concerns the orders only: the customers are not sent again."""
    kinds: tuple[Kind, ...] = ("orders",) if quality == "corrected" else ("customers", "orders")
    return [_put(folder / filename(kind, day), content(kind, day, quality, is_first=is_first)) for kind in kinds]


def _put(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    return part.replace(file)
