"""The chain's locations in Square."""

from square import Square

from include.config import Chain
from include.square.raw import call


def set_up_locations(client: Square, chain: Chain) -> tuple[dict[str, str], list[str]]:
    """Finds each location by its Square id, else by its name; makes what is missing, and corrects names and time zones.

    :returns: Square's ids by the chain's location names, and what was made or changed.
    :raises LookupError: when the chain names a Square id that the account does not have.
    """
    existing = call(client, "GET", "v2/locations").get("locations", [])
    by_id = {location["id"]: location for location in existing}
    by_name = {location["name"]: location for location in reversed(existing)}
    ids: dict[str, str] = {}
    changes: list[str] = []
    for location in chain.locations:
        if location.square_location_id:
            found = by_id.get(location.square_location_id)
            if found is None:
                known = ", ".join(f"{name} ({each['id']})" for name, each in by_name.items())
                raise LookupError(
                    f"Square has no location {location.square_location_id!r}, which locations.yaml names for "
                    f"{location.name!r}; it has {known}"
                )
        else:
            found = by_name.get(location.name)
        if found is None:
            made = client.locations.create(location={"name": location.name, "timezone": location.timezone}).location
            if made is None or made.id is None:
                raise RuntimeError(f"Square answered no location for {location.name!r}")
            ids[location.name] = made.id
            changes.append(f"made location {location.name}")
            continue
        ids[location.name] = found["id"]
        if (found["name"], found.get("timezone")) != (location.name, location.timezone):
            client.locations.update(
                location_id=found["id"], location={"name": location.name, "timezone": location.timezone}
            )
            changes.append(f"changed location {location.name}")
    return ids, changes
