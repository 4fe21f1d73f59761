"""Which characters a text file's bytes are: said by the file or by partner.yaml, never guessed."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from include.config.partner import is_text_encoding
from include.customers.intake.rows import QuarantineError

CHUNK = 1 << 16
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARATION = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.:-]{0,40})["']""")
_ADVICE = "Have it saved as UTF-8; if all files of the partner are in another encoding, name it in partner.yaml"


def is_xml(head: bytes) -> bool:
    """Whether a text file that begins so is XML."""
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip().startswith(b"<")


def encoding_of(head: bytes, default: str) -> str:
    """The encoding of a text file that begins so: its byte order mark's, its XML declaration's, else the default.

    :returns: a codec's name, which leaves a byte order mark out.
    :raises QuarantineError: it declares an encoding that there is not.
    """
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    declared = _DECLARATION.match(head)
    if declared is None:
        return default
    name = declared[1].decode("ascii")
    if re.fullmatch("utf-?16|ucs-?2", name, re.IGNORECASE):
        raise QuarantineError(f"It declares the encoding {name}, and its bytes are another. Have it saved as UTF-8.")
    if not is_text_encoding(name):
        raise QuarantineError(f"It declares an encoding that is not known: {name}. Have it saved as UTF-8.")
    return codecs.lookup(name).name


def check_text(path: Path, encoding: str) -> None:
    """Looks at every byte of a file.

    :raises QuarantineError: with the line, where bytes do not fit the encoding, or are NUL.
    """
    line = 1
    for text in decoded(path, encoding):
        if "\0" in text:
            raise _nul(line + text.count("\n", 0, text.index("\0")))
        line += text.count("\n")


def decoded(path: Path, encoding: str) -> Iterator[str]:
    """A file's text, piece by piece.

    :raises QuarantineError: with the line, where bytes do not fit the encoding.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            data = file.read(CHUNK)
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeError as error:
                if encoding != "utf-16" and b"\0" in data:
                    raise _nul(line + data.count(b"\n", 0, data.index(b"\0"))) from None
                if isinstance(error, UnicodeDecodeError):
                    line += error.object[: error.start].count(b"\n")
                raise QuarantineError(f"Line {line} holds bytes that are not {encoding}. {_ADVICE}.") from None
            yield text
            if not data:
                return
            line += text.count("\n")


def _nul(line: int) -> QuarantineError:
    return QuarantineError(
        f"Line {line} holds a NUL character: this is no text, or UTF-16 without a byte order mark. {_ADVICE}."
    )
