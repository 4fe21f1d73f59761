import pytest
from square import Square
from square.core.api_error import ApiError
from square.types.location import Location

from tests.sandbox.square.conftest import errors_of


def test_a_location_is_made_found_and_changed(square: Square, location: Location) -> None:
    assert (location.timezone, location.currency, location.status) == ("America/New_York", "USD", "ACTIVE")
    square.locations.update(location_id=str(location.id), location={"description": "by the park"})
    found = square.locations.get(location_id=str(location.id)).location
    assert found
    assert (found.name, found.description) == ("Manhattan", "by the park")
    assert [one.id for one in square.locations.list().locations or []] == [location.id]


def test_two_locations_cannot_have_one_name(square: Square, location: Location) -> None:
    with pytest.raises(ApiError) as error:
        square.locations.create(location={"name": location.name})
    assert errors_of(error) == [("INVALID_REQUEST_ERROR", "INVALID_VALUE")]


def test_an_unknown_location_is_not_found(square: Square) -> None:
    with pytest.raises(ApiError) as error:
        square.locations.get(location_id="NOWHERE")
    assert error.value.status_code == 404
