"""`/v2/locations`."""

import json

from sandbox.square.call import Call, Endpoint, Json, dump, new_id
from sandbox.square.errors import SquareError, not_found

TABLES = """
CREATE TABLE IF NOT EXISTS square_location (id TEXT PRIMARY KEY, name TEXT NOT NULL, body BLOB NOT NULL);
"""

MERCHANT_ID = "SANDBOXMERCHANT"
CURRENCIES = {"US": "USD", "CA": "CAD", "GB": "GBP", "AU": "AUD", "JP": "JPY"}
READ_ONLY = ("id", "created_at", "merchant_id", "logo_url", "pos_background_url", "full_format_logo_url")


def list_locations(call: Call) -> Json:
    return {"locations": [json.loads(row["body"]) for row in call.db.execute("SELECT body FROM square_location")]}


def create_location(call: Call) -> Json:
    wish = call.required("location", dict)
    if not wish.get("name"):
        raise SquareError("MISSING_REQUIRED_PARAMETER", "Field must be set", field="location.name")
    country = wish.get("country") or wish.get("address", {}).get("country") or "US"
    location = {
        "timezone": "Etc/UTC",
        "status": "ACTIVE",
        "language_code": "en-US",
        "type": "PHYSICAL",
        "business_name": wish["name"],
        **{name: value for name, value in wish.items() if name not in READ_ONLY and value is not None},
        "id": new_id()[:13],
        "country": country,
        "currency": wish.get("currency") or CURRENCIES.get(country, "EUR"),
        "capabilities": ["CREDIT_CARD_PROCESSING"],
        "created_at": call.now_text,
        "merchant_id": MERCHANT_ID,
    }
    save(call, location)
    return {"location": location}


def retrieve_location(call: Call) -> Json:
    return {"location": find(call, call.path["location_id"])}


def update_location(call: Call) -> Json:
    location = find(call, call.path["location_id"])
    wish = call.required("location", dict)
    location |= {name: value for name, value in wish.items() if name not in READ_ONLY}
    save(call, {name: value for name, value in location.items() if value is not None})
    return {"location": location}


def find(call: Call, location_id: str) -> Json:
    """Raises SquareError if there is none. `main` is the first location made."""
    if location_id == "main":
        row = call.db.execute("SELECT body FROM square_location ORDER BY rowid LIMIT 1").fetchone()
    else:
        row = call.db.execute("SELECT body FROM square_location WHERE id = ?", (location_id,)).fetchone()
    if row is None:
        raise not_found("Location", location_id)
    location: Json = json.loads(row["body"])
    return location


def save(call: Call, location: Json) -> None:
    """Raises SquareError if another location has the name."""
    same = call.db.execute("SELECT id FROM square_location WHERE name = ?", (location["name"],)).fetchone()
    if same and same["id"] != location["id"]:
        detail = f"A location named {location['name']!r} exists already."
        raise SquareError("INVALID_VALUE", detail, field="location.name")
    call.db.execute(
        "INSERT INTO square_location VALUES (?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, body = excluded.body",
        (location["id"], location["name"], dump(location)),
    )


ENDPOINTS = [
    Endpoint("GET", "/v2/locations", list_locations),
    Endpoint("POST", "/v2/locations", create_location),
    Endpoint("GET", "/v2/locations/{location_id}", retrieve_location),
    Endpoint("PUT", "/v2/locations/{location_id}", update_location),
]
