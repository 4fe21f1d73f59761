"""XML from strangers: expat under defusedxml's guards, fed piece by piece, in bounded memory.

No DTD, so that nobody can define entities; no depth, no name and no value without end. Handlers are expat's own: what
defusedxml reads with (a tree, SAX) is built upon them, and takes longer.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any
from xml.parsers.expat import ErrorString, ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from include.customers.intake.rows import QuarantineError

MOST_DEPTH = 64
# Of one tag, one comment, one value.
LONGEST_PIECE = 1 << 20
LONGEST_NAMESPACE = 1_000

# Gets an element's name and its attributes: name, value, name, value.
Start = Callable[[str, list[str]], None]
End = Callable[[str], None]


def parse(chunks: Iterable[bytes], start: Start, end: End, texts: list[str]) -> Iterator[None]:
    """Parses UTF-8, and stops after each chunk for the caller to take what its handlers have gathered.

    :param texts: gets all text, in pieces; the caller empties it.
    :raises QuarantineError: where this is no XML, or hostile.
    """
    expat: Any = DefusedXMLParser(encoding="utf-8", forbid_dtd=True).parser
    expat.DefaultHandlerExpand = None
    expat.StartElementHandler = start
    expat.EndElementHandler = end
    expat.CharacterDataHandler = texts.append
    expat.StartNamespaceDeclHandler = _check_namespace
    fed = 0
    try:
        for chunk in chunks:
            expat.Parse(chunk, False)
            fed += len(chunk)
            if fed - expat.CurrentByteIndex > LONGEST_PIECE or sum(map(len, texts)) > LONGEST_PIECE:
                raise QuarantineError(f"Line {expat.CurrentLineNumber} holds a tag or a value without end.")
            # expat and Python keep every name that they have seen.
            if sum(map(len, filter(None, expat.intern))) > LONGEST_PIECE:
                raise QuarantineError(f"Up to line {expat.CurrentLineNumber} it has names of elements without end.")
            yield
        expat.Parse(b"", True)
        yield
    except DefusedXmlException:
        raise QuarantineError(
            f"Line {expat.CurrentLineNumber} holds a DTD: entities and references to other files are not read. "
            "Have the file made without <!DOCTYPE>."
        ) from None
    except ExpatError as error:
        raise QuarantineError(
            f"Line {error.lineno} is no XML: {ErrorString(error.code)}. Was the file cut off? Have it made again."
        ) from None


def _check_namespace(_: str | None, namespace: str | None) -> None:
    """A namespace stands before every name in it, in memory: a long one makes much out of little."""
    if len(namespace or "") > LONGEST_NAMESPACE:
        raise QuarantineError(f"It has the name of a namespace with more than {LONGEST_NAMESPACE:,} characters.")


@lru_cache(maxsize=1_000)
def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def too_deep() -> QuarantineError:
    return QuarantineError(f"Its elements lie more than {MOST_DEPTH} deep in one another.")
