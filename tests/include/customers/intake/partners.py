"""Partners that the tests' files are from."""

from pathlib import Path
from typing import Any

from include.config.partner import Kind, Partner
from include.customers.intake import Intake, Row, open_file

CUSTOMERS = "customer_id,customer_name,mobile_number,region\n"
ORDERS = "order_id,mobile_number,order_date_time,sku_id,sku_count,total_amount\n"


def partner(**changes: Any) -> Partner:
    settings = {"name": "Demo Eats", "timezone": "America/New_York", "currency": "USD", "phone_region": "US"}
    return Partner.model_validate({**settings, **changes})


def put(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    """A file with that content."""
    file = folder / "file"
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return file


def read(file: Path, kind: Kind, who: Partner | None = None) -> tuple[Intake, list[Row]]:
    """The file, read to its end."""
    intake = open_file(file, kind, who or partner())
    return intake, list(intake.rows())


# Takes of a file what can be taken, however little that is.
TOLERANT = partner(limits={"rejected_percentage": "100"})
