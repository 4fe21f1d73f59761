"""What the seller counts, on a page of its own."""

from datetime import UTC, datetime
from typing import Any

import httpx

from tests.sandbox_process import Sandbox

ITEMS: list[dict[str, Any]] = [
    {
        "type": "MEASUREMENT_UNIT",
        "id": "#kg",
        "measurement_unit_data": {"measurement_unit": {"weight_unit": "METRIC_KILOGRAM"}, "precision": 5},
    },
    *(
        {
            "type": "ITEM",
            "id": f"#{name}",
            "item_data": {
                "name": name,
                "variations": [
                    {"type": "ITEM_VARIATION", "id": f"#{name} {data['name']}", "item_variation_data": data}
                ],
            },
        }
        for name, data in (
            ("Water <b>", {"name": "500 ml"}),
            ("Flour", {"name": "kg", "measurement_unit_id": "#kg", "sellable": False}),
        )
    ),
]


def count(sandbox: Sandbox, variation_id: str, location_id: str, quantity: str) -> None:
    counted = {
        "catalog_object_id": variation_id,
        "location_id": location_id,
        "state": "IN_STOCK",
        "quantity": quantity,
        "occurred_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }
    body = {"idempotency_key": variation_id, "changes": [{"type": "PHYSICAL_COUNT", "physical_count": counted}]}
    sandbox.request("POST", "/square/v2/inventory/changes/batch-create", json=body)


def test_a_world_without_counts_says_who_makes_them(sandbox: Sandbox) -> None:
    assert "square_setup" in httpx.get(f"{sandbox.url}/stock").text


def test_stock_is_shown_by_location_in_its_unit(sandbox: Sandbox) -> None:
    location_ids = [
        sandbox.request(
            "POST", "/square/v2/locations", json={"location": {"name": name, "timezone": "America/New_York"}}
        ).json()["location"]["id"]
        for name in ("Manhattan", "Chicago")
    ]
    body = {"idempotency_key": "items", "batches": [{"objects": ITEMS}]}
    made = sandbox.request("POST", "/square/v2/catalog/batch-upsert", json=body).json()["id_mappings"]
    ids = {each["client_object_id"]: each["object_id"] for each in made}
    before = httpx.get(f"{sandbox.url}/sandbox/version").json()
    count(sandbox, ids["#Flour kg"], location_ids[0], "1204.12345")
    count(sandbox, ids["#Water <b> 500 ml"], location_ids[1], "0")
    assert httpx.get(f"{sandbox.url}/sandbox/version").json() != before
    assert httpx.get(f"{sandbox.url}/sandbox/stock").json() == [
        {"name": "Flour", "unit": "kg", "quantities": {"Manhattan": "1204.12345"}},
        {"name": "Water <b>, 500 ml", "unit": "", "quantities": {"Chicago": "0"}},
    ]
    page = httpx.get(f"{sandbox.url}/stock").text
    assert "1,204.12345" in page
    assert "Water &lt;b&gt;, 500 ml" in page
    assert '<td data-location="Chicago" class="bad">0</td>' in page
