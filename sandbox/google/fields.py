"""Google's `fields` parameter: answers only the parts that were asked for, such as `files(id,name),nextPageToken`."""

import re
from typing import Any

from sandbox.google.errors import GoogleError

Mask = dict[str, "Mask"]
TOKEN = re.compile(r"[(),]|[^(),\s]+")


def parse(text: str) -> Mask:
    """`a/b` and `a.b` mean `a(b)`. An empty mask below a name, or `*`, means all of it."""
    tokens = TOKEN.findall(text)

    def names(at: int, mask: Mask) -> int:
        while at < len(tokens) and tokens[at] != ")":
            inner = mask
            for name in re.split(r"[/.]", tokens[at]):
                inner = inner.setdefault(name, {})
            at += 1
            if at < len(tokens) and tokens[at] == "(":
                at = names(at + 1, inner) + 1
            if at < len(tokens) and tokens[at] == ",":
                at += 1
        return at

    mask: Mask = {}
    if names(0, mask) < len(tokens) or text.count("(") != text.count(")"):
        raise GoogleError(400, f"Invalid field selection {text}", "invalidParameter")
    return mask


def select(mask: Mask, value: Any) -> Any:
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [select(mask, element) for element in value]
    if isinstance(value, dict):
        return {name: select(mask[name], inner) for name, inner in value.items() if name in mask}
    return value
