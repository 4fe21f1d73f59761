"""A report's SQL as people write it, and as the server gets it.

A parameter stands in it as ``:name``. The server gets a read of a setting instead, which the run has set to the value
before: COPY, which is how reports are read, takes no parameters of its own. Where something is wrong, the place is told
in the SQL as people wrote it.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pglast.parser import ParseError, Token, parse_sql, scan

from include.sql_reports.query.parameters import Parameter

LONGEST_SQL = 100_000
# What pglast makes of a statement is at most as deep as it has tokens, and as it builds that on the C stack, this many
# are safe in any thread.
MOST_TOKENS = 10_000
BEFORE_READ = "("
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# NUL ends C's texts, and half of a surrogate pair is no UTF-8.
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_COMMENTS = {"SQL_COMMENT", "C_COMMENT"}


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where in the SQL: line and column count from 1, the column in characters."""

    message: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"


class RejectedError(ValueError):
    """A statement that is not run."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class _Replaced:
    """``:name``, and what stands in its place; offsets in characters."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Statement:
    """
    :param sql: as people wrote it.
    :param text: as the server gets it.
    :param parameters: those that it holds, in the order of their settings' numbers.
    """

    sql: str
    text: str
    parameters: tuple[Parameter, ...]
    _replaced: tuple[_Replaced, ...] = field(default=(), repr=False)
    # Where in `text` each replacement begins.
    _starts: tuple[int, ...] = field(default=(), repr=False)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset in `text`, both from 1."""
        number = bisect_right(self._starts, offset) - 1
        if number < 0:
            return line_and_column(self.sql, offset)
        replaced = self._replaced[number]
        behind = offset - self._starts[number] - len(replaced.text)
        return line_and_column(self.sql, replaced.start if behind < 0 else replaced.end + behind)

    def problem(self, message: str, offset: int) -> Problem:
        return Problem(message, *self.place(offset))

    @property
    def reads(self) -> frozenset[int]:
        """Where in `text` the calls stand that read parameters."""
        return frozenset(start + len(BEFORE_READ) for start in self._starts)

    def is_ours(self, offset: int) -> bool:
        """Whether what stands at this offset in `text` was put there for a parameter."""
        number = bisect_right(self._starts, offset) - 1
        return number >= 0 and offset < self._starts[number] + len(self._replaced[number].text)


def line_and_column(sql: str, offset: int) -> tuple[int, int]:
    before = sql[: max(offset, 0)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def read_statement(sql: str, parameters: Sequence[Parameter]) -> Statement:
    """Puts the parameters into the SQL, and checks nothing else: `guard.check` does.

    :raises RejectedError: too long, not made of SQL's tokens, or with parameters that nobody declared.
    """
    tokens = _tokens(sql)
    declared = {parameter.name: parameter for parameter in parameters}
    used: dict[str, int] = {}
    problems, replaced = [], []
    for colon, name in pairwise(tokens):
        written = sql[name.start : name.end + 1]
        if colon.name != "ASCII_58" or name.start != colon.end + 1 or not _WORD.fullmatch(written):
            continue
        key = written.lower()
        if key not in declared:
            problems.append(_unknown(sql, colon.start, written, declared))
            continue
        number = used.setdefault(key, len(used) + 1)
        # What `report_session.set_parameter` has set; NULL if it has not.
        text = f"{BEFORE_READ}pg_catalog.current_setting('report.p{number}', true)::{declared[key].sql_type})"
        replaced.append(_Replaced(colon.start, name.end + 1, text))
    if problems:
        raise RejectedError(problems)
    end = _end(sql, tokens)
    pieces, starts, at, length = [], [], 0, 0
    for each in replaced:
        pieces += [sql[at : each.start], each.text]
        starts.append(length + each.start - at)
        length, at = starts[-1] + len(each.text), each.end
    pieces.append(sql[at:end])
    return Statement(sql, "".join(pieces), tuple(declared[name] for name in used), tuple(replaced), tuple(starts))


def _tokens(sql: str) -> list[Token]:
    if found := _NO_CHARACTER.search(sql):
        message = "This is no character that SQL may hold"
        raise RejectedError([Problem(message, *line_and_column(sql, found.start()))])
    if len(sql.encode()) > LONGEST_SQL:
        raise RejectedError([Problem(f"The statement is longer than {LONGEST_SQL:,} bytes", 1, 1)])
    try:
        tokens = [token for token in scan(sql) if token.name not in _COMMENTS]
    except ParseError as error:
        place = line_and_column(sql, offset_of(error, sql))
        raise RejectedError([Problem(message_of(error), *place)]) from error
    if len(tokens) > MOST_TOKENS:
        place = line_and_column(sql, tokens[MOST_TOKENS].start)
        raise RejectedError([Problem(f"The statement has more than {MOST_TOKENS:,} words and signs", *place)])
    return tokens


def _end(sql: str, tokens: list[Token]) -> int:
    """Where the statement ends: semicolons behind it are none of it, nor is what comes after them, comments."""
    last = len(tokens)
    while last and tokens[last - 1].name == "ASCII_59":
        last -= 1
    return len(sql) if last == len(tokens) else tokens[last].start


def _unknown(sql: str, offset: int, name: str, declared: dict[str, Parameter]) -> Problem:
    listed = f"there are {', '.join(f':{each}' for each in declared)}" if declared else "the report declares none"
    return Problem(
        f"There is no parameter :{name}; {listed}. A colon that is none of a parameter's needs a space after it",
        *line_and_column(sql, offset),
    )


def message_of(error: ParseError) -> str:
    message = str(error.args[0])
    return f"{message[:1].upper()}{message[1:]}"


def offset_of(error: ParseError, text: str) -> int:
    """Where pglast stopped, in characters."""
    if not text.isascii():
        # It takes this one offset, which counts characters, for one in bytes: in ASCII both are the same.
        try:
            parse_sql(re.sub(r"[^\x00-\x7f]", "_", text))
        except ParseError as same:
            error = same
    return (error.args[1] or 0) if len(error.args) > 1 else 0
