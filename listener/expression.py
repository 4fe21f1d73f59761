"""Where something is in somebody's JSON: a JMESPath expression (https://jmespath.org)."""

from collections.abc import Callable
from typing import Any

import jmespath  # type: ignore[import-untyped]
from jmespath.exceptions import JMESPathError  # type: ignore[import-untyped]


class UnreadableError(Exception):
    """What came cannot be read; the message says why, without any value of it."""


#: What an expression finds in a document; None where there is nothing. Raises UnreadableError, without any value.
Expression = Callable[[Any], Any]


def compile_expression(text: str) -> Expression:
    """Raises ValueError, with what is wrong, if the text is no JMESPath expression."""
    try:
        compiled = jmespath.compile(text)
    except JMESPathError as error:
        raise ValueError(str(error).splitlines()[0]) from None
    keys = _keys(compiled.parsed)
    if keys is not None:
        return _path(keys)

    def search(document: Any) -> Any:
        try:
            return compiled.search(document)
        except (JMESPathError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            # Its message would show the value that the expression stumbled over.
            raise UnreadableError(f"the expression failed ({type(error).__name__})") from None

    return search


def _path(keys: tuple[str, ...]) -> Expression:
    """A path of keys, walked here: that is what most expressions are, and jmespath takes ten times as long for them."""

    def walk(document: Any) -> Any:
        for key in keys:
            if not isinstance(document, dict):
                return None
            document = document.get(key)
        return document

    return walk


def _keys(node: Any) -> tuple[str, ...] | None:
    """The keys of a parsed `a.b.c`; None if the expression is more than that."""
    if node["type"] == "field":
        return (node["value"],)
    if node["type"] != "subexpression":
        return None
    parts = [_keys(child) for child in node["children"]]
    return None if None in parts else tuple(key for part in parts for key in part or ())
