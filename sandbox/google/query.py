"""Drive's search language, as far as it is needed: `name = 'x' and trashed = false and appProperties has {…}`.

https://developers.google.com/workspace/drive/api/guides/ref-search-terms
"""

import re
from collections.abc import Callable
from typing import Any

from sandbox.google.errors import GoogleError

File = dict[str, Any]
Predicate = Callable[[File], bool]
TOKEN = re.compile(r"""\s*('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[(){}]|!=|=|[^\s(){}=!'"]+)""")


def predicate(q: str) -> Predicate:
    """Raises GoogleError 400 for what it does not understand."""
    parser = _Parser(q)
    found = parser.either()
    if parser.tokens:
        raise parser.invalid()
    return found


class _Parser:
    def __init__(self, q: str) -> None:
        self.tokens = TOKEN.findall(q)
        if "".join(self.tokens).replace(" ", "") != re.sub(r"\s", "", q) and TOKEN.sub("", q).strip():
            raise self.invalid()

    def invalid(self) -> GoogleError:
        return GoogleError(400, "Invalid Value", "invalid")

    def take(self, *expected: str) -> str:
        if not self.tokens or (expected and self.tokens[0] not in expected):
            raise self.invalid()
        return str(self.tokens.pop(0))

    def next_is(self, word: str) -> bool:
        return bool(self.tokens) and self.tokens[0] == word

    def either(self) -> Predicate:
        found = self.both()
        while self.next_is("or"):
            self.take()
            found = _any(found, self.both())
        return found

    def both(self) -> Predicate:
        found = self.term()
        while self.next_is("and"):
            self.take()
            found = _all(found, self.term())
        return found

    def term(self) -> Predicate:
        if self.next_is("("):
            self.take()
            found = self.either()
            self.take(")")
            return found
        if self.next_is("not"):
            self.take()
            inner = self.term()
            return lambda file: not inner(file)
        first = self.take()
        if first[0] in "'\"":
            self.take("in")
            self.take("parents")
            folder = _text(first)
            return lambda file: folder in file["parents"]
        if first == "appProperties":
            return self.app_property()
        if first == "trashed":
            self.take("=")
            wanted = self.take("true", "false") == "true"
            return lambda file: file["trashed"] is wanted
        if first not in ("name", "mimeType"):
            raise self.invalid()
        operator = self.take("=", "!=", "contains")
        text = _text(self.take())
        return {
            "=": lambda file: file[first] == text,
            "!=": lambda file: file[first] != text,
            "contains": lambda file: text.casefold() in file[first].casefold(),
        }[operator]

    def app_property(self) -> Predicate:
        for word in ("has", "{", "key", "="):
            self.take(word)
        key = _text(self.take())
        for word in ("and", "value", "="):
            self.take(word)
        value = _text(self.take())
        self.take("}")
        return lambda file: file["appProperties"].get(key) == value


def _text(token: str) -> str:
    if token[0] not in "'\"":
        raise GoogleError(400, "Invalid Value", "invalid")
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _any(one: Predicate, other: Predicate) -> Predicate:
    return lambda file: one(file) or other(file)


def _all(one: Predicate, other: Predicate) -> Predicate:
    return lambda file: one(file) and other(file)
