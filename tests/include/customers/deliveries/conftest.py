"""A partner, a folder, and files to put in."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from include.config.partner import Kind, Partner
from include.customers.deliveries import PartnerFile, get_file, receive, receive_folder, take_in
from tests.conftest import Database

PARTNER = Partner.model_validate(
    {
        "name": "Demo Eats",
        "timezone": "America/New_York",
        "currency": "USD",
        "phone_region": "US",
        "recipients": ["ops@example.com"],
        "limits": {"customers_megabytes": 1, "orders_megabytes": 2},
    }
)
# Days that may have come by now: the last is the partner's yesterday.
DAY_1, DAY_2, DAY_3 = (PARTNER.business_date(datetime.now(UTC)) - timedelta(days=days) for days in (3, 2, 1))
NUMBER = "+12125550123"
CUSTOMERS = "customer_id,customer_name,mobile_number,region\n"
ORDERS = "order_id,mobile_number,order_date_time,sku_id,sku_count,total_amount\n"
BAD_XML = '<!DOCTYPE o [<!ENTITY a "b">]><orders><order/></orders>'


def customers(*rows: str) -> str:
    """``C1 Ada North`` is a customer, name and region."""
    return CUSTOMERS + "".join(f"{row.split()[0]},{row.split()[1]},{NUMBER},{row.split()[2]}\n" for row in rows)


def orders(day: date, *rows: str) -> str:
    """``O1 S1 5.00`` is an order of noon, SKU and amount."""
    return ORDERS + "".join(
        f"{order},{NUMBER},{day}T12:00:00,{sku},1,{amount}\n" for order, sku, amount in (row.split() for row in rows)
    )


class Depot:
    """Receives and takes in as page and DAG do."""

    def __init__(self, database: Database, connection: psycopg.Connection, folder: Path) -> None:
        self.database = database
        self.connection = connection
        self.folder = folder

    def receive(
        self,
        kind: Kind | None,
        day: date | None,
        content: str | bytes,
        *,
        filename: str = "file.csv",
        partner: Partner = PARTNER,
    ) -> PartnerFile:
        data = content.encode() if isinstance(content, str) else content
        with self.database.connect() as connection:
            return receive(
                connection,
                partner,
                io.BytesIO(data),
                filename=filename,
                kind=kind,
                delivery_date=day,
                came_by="upload",
                received_by="ana",
            )

    def take_in(self, partner: Partner = PARTNER) -> list[tuple[date | None, Kind | None]]:
        """Day and kind of the files that were loaded."""
        settled = take_in(self.database.connect, partner)
        return [(file.delivery_date, file.kind) for file in settled if file.state == "loaded"]

    def look(self, connect: Callable[[], psycopg.Connection] | None = None) -> list[PartnerFile]:
        """Receives what lies in the watched folder, as one who looks in a minute."""
        return receive_folder(connect or self.database.connect, PARTNER, at=datetime.now(UTC) + timedelta(minutes=1))

    def put(self, kind: Kind, day: date, content: str | bytes, **wish: Any) -> PartnerFile:
        """Receives and takes in; the file as it is then."""
        file = self.receive(kind, day, content, **wish)
        self.take_in()
        return get_file(self.connection, file.file_id)

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement, parameters).fetchall()

    def current_orders(self) -> list[str]:
        """``O1 S1 500`` of every order line that holds."""
        rows = self.rows(
            "SELECT order_id, sku_id, total_amount_cents FROM silver.partner_orders WHERE is_current ORDER BY 1, 2"
        )
        return [f"{order_id} {sku_id} {cents}" for order_id, sku_id, cents in rows]

    def mails(self) -> list[tuple[str, str]]:
        return [(subject, text) for subject, text in self.rows("SELECT subject, text_body FROM outbox.message")]


@pytest.fixture
def files_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STOREKEEPER_PARTNER_FILES", str(tmp_path / "partner"))
    return tmp_path / "partner"


@pytest.fixture
def depot(database: Database, files_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Depot]:
    """Its connection commits at once."""
    postgres = {"conn_type": "postgres", "host": str(database.server.socket), "schema": database.name}
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(postgres | {"login": "storekeeper_app"}))
    with database.connect() as connection:
        connection.autocommit = True
        yield Depot(database, connection, files_folder)
