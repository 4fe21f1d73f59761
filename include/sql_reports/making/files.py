"""The files of one run: every format of the whole report and of each location's part, written in one pass."""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from include.outputs.drafts import draft
from include.sql_reports.definitions.definition import Definition, Format
from include.sql_reports.making.parts import FirstRows, Piece
from include.sql_reports.query.sinks import CsvSink, JsonSink, Sink, XlsxSink

SHOWN_ROWS = 10


@dataclass
class Writer:
    """Opens what a run writes. The files are there when the stack ends well, and none of them is when it does not."""

    run_id: int
    definition: Definition
    formats: Sequence[Format]
    at: datetime
    stack: ExitStack
    pieces: list[Piece] = field(default_factory=list)
    _stems: list[str] = field(default_factory=list)

    def open(self, location_name: str | None = None) -> Piece:
        first_rows = FirstRows(SHOWN_ROWS)
        piece = Piece(location_name, [first_rows], first_rows, {})
        stem = self._stem(location_name)
        for name in self.formats:
            file, content = self.stack.enter_context(draft(f"reports/{self.run_id}/{stem}.{name}"))
            piece.files[name] = file
            piece.sinks.append(self._sink(name, content))
        self.pieces.append(piece)
        return piece

    def _sink(self, name: Format, content: BinaryIO) -> Sink:
        match name:
            case "csv":
                return CsvSink(content)
            case "json":
                return JsonSink(content)
            case "xlsx":
                sink = XlsxSink(content, self.definition.name)
                self.stack.callback(sink.discard)
                return sink

    def _stem(self, location_name: str | None) -> str:
        """Such as ``daily-sales_manhattan_2026-11-21``; the day is that on which the run was due."""
        day = f"{self.at.astimezone(ZoneInfo(self.definition.timezone)):%Y-%m-%d}"
        place = [_slug(location_name)] if location_name else []
        stem = "_".join([_slug(self.definition.name), *place, day])
        # Two locations whose names differ by signs only are two.
        times = self._stems.count(stem)
        self._stems.append(stem)
        return f"{stem}_{times + 1}" if times else stem


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower()).strip("-")[:80] or "report"
