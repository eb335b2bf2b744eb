"""A feed in CSV: a line of headers, then one line for each product; the lines of one order are one part."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from ...enums import ParkReason
from ..contract import ParkedError, Part, id_of_content
from .columns import NAMES, Column, column_of, missing
from .lines import Line, line_of
from .spelling import spelled

MOST_LINES = 20_000
_MOST_LINES_OF_A_RECORD = 50
"""A quote that is never closed takes the rest of the feed with it; this is where we stop believing it."""

Record = tuple[int, list[str]]
"""The number of its first line, and its cells."""
Broken = tuple[int, str]
"""The same for a line that is not CSV."""


def split(text: str) -> list[Part]:
    """One part for each order, in the order of their first lines. Raises ParkedError without a usable header."""
    records = _records(text)
    first = next(records, None)
    header = first[1] if first is not None and isinstance(first[1], list) else []
    if lacking := missing(header):
        names = ", ".join(NAMES[lacking[0]])
        raise ParkedError(
            ParkReason.UNREADABLE,
            _("The first line must name the columns, and none of them is one of: %(names)s.") % {"names": names},
        )
    orders: dict[str, list[Record]] = {}
    broken: list[Part] = []
    for number, content in records:
        if isinstance(content, str):
            broken.append(_broken(number, content))
        elif any(content):
            orders.setdefault(_order_of(header, content) or f"\n{number}", []).append((number, content))
    return [_part(header, lines) for lines in orders.values()] + broken


def read(raw: dict[str, Any]) -> tuple[Line, ...]:
    """The lines of a part. Raises ParkedError, naming the line, when one is not complete."""
    if "broken" in raw:
        raise ParkedError(
            ParkReason.UNKNOWN_SHAPE,
            _("Line %(line)d is not CSV: check its quotation marks.") % {"line": raw["line"]},
        )
    header, lines = raw["header"], raw["lines"]
    for number, cells in lines:
        if len(cells) != len(header):
            raise ParkedError(
                ParkReason.UNKNOWN_SHAPE,
                _("Line %(line)d has %(cells)d cells, and the first line names %(columns)d columns.")
                % {"line": number, "cells": len(cells), "columns": len(header)},
            )
    return tuple(line_of(number, zip(header, cells, strict=True)) for number, cells in lines)


def _records(text: str) -> Iterator[Record | Broken]:
    lines = list(islice(io.StringIO(text, newline=""), MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        raise ParkedError(ParkReason.UNREADABLE, _("A feed may hold %(most)d lines.") % {"most": MOST_LINES})
    at = 0
    while at < len(lines):
        reader = csv.reader(lines[at : at + _MOST_LINES_OF_A_RECORD], strict=True)
        try:
            cells = next(reader, [])
        except csv.Error:
            yield at + 1, lines[at]
            at += 1
        else:
            yield at + 1, cells
            at += max(reader.line_num, 1)


def _order_of(header: Sequence[str], cells: Sequence[str]) -> str:
    for name, text in zip(header, cells, strict=False):
        if column_of(name) is Column.ORDER_ID and text.strip():
            return spelled(text)
    return ""


def _part(header: list[str], lines: list[Record]) -> Part:
    raw = _written({"header": header, "lines": lines})
    # Where it stood in the feed does not matter: the next feed brings the same order on another line.
    message_id = id_of_content(_written([header, [cells for _number, cells in lines]]))
    return Part(message_id, _status(header, lines[0][1]), raw)


def _broken(number: int, text: str) -> Part:
    return Part(id_of_content(_written(text)), "", _written({"line": number, "broken": text}))


def _status(header: Sequence[str], cells: Sequence[str]) -> str:
    line = line_of(0, zip(header, cells, strict=False))
    return line.cells.get(Column.STATUS, ("", ""))[1][:80]


def _written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
