"""Text that a spreadsheet program would run as a formula, and how it is kept from that: by an apostrophe in front."""

import re

# OWASP's list ("CSV injection"), with the full-width forms that some programs fold into the plain ones. Spaces before
# them do not help: imports may trim cells.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
SPACES = (" ", "\u00a0", "\u3000")
_FORMULA = re.compile(f"[{''.join(SPACES)}]*[{re.escape(''.join(STARTS))}]")


def is_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None


def harden(text: str) -> str:
    return f"'{text}" if is_formula(text) else text


def harden_quoted(block: bytes) -> bytes:
    """The same for whole lines of CSV in UTF-8, in which text cells are quoted and no other cells are."""
    if block.startswith(b'"\n') or b',"\n' in block or b'\n"\n' in block:
        # The quote may end a cell and the line, or begin a cell that begins with a line's end.
        return _CELL.sub(lambda cell: b"\"'" + cell[0][1:] if _FORMULA_BYTES.match(cell[0], 1) else cell[0], block)
    return _QUOTED.sub(b"\"'", block)


def _any(texts: tuple[str, ...]) -> bytes:
    return b"(?:%s)" % b"|".join(re.escape(text.encode()) for text in texts)


_FORMULA_BYTES = re.compile(rb"%s*%s" % (_any(SPACES), _any(STARTS)))
_CELL = re.compile(rb'"[^"]*(?:""[^"]*)*"')
_QUOTED = re.compile(
    # Few cells pass the first look, which is all that most of them cost.
    rb'"(?=[%s])' % b"".join(sorted({re.escape(text.encode()[:1]) for text in STARTS + SPACES}))
    + rb"(?=%s)" % _FORMULA_BYTES.pattern
    # That quote begins a cell: one within a cell is doubled, and one that ends a cell is followed by none of these.
    + rb'(?:(?<=[,\n]")|(?<=\A"))'
)
