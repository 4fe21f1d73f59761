"""Things that need themselves, by way of others or not."""

from collections.abc import Iterator, Mapping, Sequence


def circles(needs: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Each circle that is met when following what needs what: the names along it, the first one again at its end.

    :param needs: name → what it needs; a name that stands nowhere as a key needs nothing.
    """
    done: set[str] = set()

    def follow(name: str, path: list[str]) -> Iterator[list[str]]:
        if name in path:
            yield [*path[path.index(name) :], name]
        elif name not in done:
            for needed in needs.get(name, ()):
                yield from follow(needed, [*path, name])
            done.add(name)

    for name in needs:
        yield from follow(name, [])
