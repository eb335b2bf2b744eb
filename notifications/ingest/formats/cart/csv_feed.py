"""CSV feeds: a header line, then one line for each product; the lines of one order form one part."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from notifications.types.enums import ParkReason

from ..base import MAX_PARTS, DeadLetterError, Part
from .columns import NAMES, Column, column_of, missing
from .normalisation import spelled
from .parts import part_of
from .rows import Line, line_of

MAX_LINES = 20_000
_MAX_LINES_PER_RECORD = 50
_MAX_COLUMNS, _MAX_HEADER_LENGTH = 200, 8_000
"""Every order is stored with the header, so the header must be short."""
"""_MAX_LINES_PER_RECORD limits how much of the feed an unclosed quotation mark can swallow."""


class Record(NamedTuple):
    """A CSV record, which may span several lines of text."""

    line: int
    """The number of its first line of text, from 1."""
    cells: list[str]
    is_broken: bool = False
    """Whether it is not valid CSV; then the text is its only cell."""


def split(text: str) -> list[Part]:
    """Return one part for each order, in the order of their first lines. Raises DeadLetterError without a usable
    header.
    """
    records = _records(text)
    first = next(records, None)
    header = [] if first is None else first.cells
    if lacking := missing(header):
        names = ", ".join(NAMES[lacking[0]])
        raise DeadLetterError(
            ParkReason.UNREADABLE,
            _("The first line must name the columns, and none of them is one of: %(names)s.") % {"names": names},
        )
    if len(header) > _MAX_COLUMNS or sum(map(len, header)) > _MAX_HEADER_LENGTH:
        raise DeadLetterError(
            ParkReason.UNREADABLE,
            _("The first line may name %(most)d columns, in %(length)d characters.")
            % {"most": _MAX_COLUMNS, "length": _MAX_HEADER_LENGTH},
        )
    orders: dict[str, list[Record]] = {}
    for record in records:
        if any(record.cells):
            key = _order_of(header, record) or f"\n{record.line}"
            orders.setdefault(key, []).append(record)
            if len(orders) > MAX_PARTS:
                break  # one part too many already: the caller rejects the feed
    return [_part(header, lines) for lines in orders.values()]


def read(raw: dict[str, Any]) -> tuple[Line, ...]:
    """Return the lines of a part. Raises DeadLetterError, naming the line, when one is not complete."""
    header = raw["header"]
    return tuple(_line(header, Record(*record)) for record in raw["lines"])


def _line(header: list[str], record: Record) -> Line:
    if record.is_broken:
        raise DeadLetterError(
            ParkReason.UNKNOWN_SHAPE,
            _("Line %(line)d is not CSV: check its quotation marks.") % {"line": record.line},
        )
    if len(record.cells) != len(header):
        raise DeadLetterError(
            ParkReason.UNKNOWN_SHAPE,
            _("Line %(line)d has %(cells)d cells, and the first line names %(columns)d columns.")
            % {"line": record.line, "cells": len(record.cells), "columns": len(header)},
        )
    return line_of(record.line, zip(header, record.cells, strict=True))


def _records(text: str) -> Iterator[Record]:
    lines = list(islice(io.StringIO(text, newline=""), MAX_LINES + 1))
    if len(lines) > MAX_LINES:
        raise DeadLetterError(ParkReason.UNREADABLE, _("A feed may hold %(most)d lines.") % {"most": MAX_LINES})
    at = 0
    while at < len(lines):
        reader = csv.reader(lines[at : at + _MAX_LINES_PER_RECORD], strict=True)
        try:
            cells = next(reader, [])
        except csv.Error:
            yield Record(at + 1, [lines[at]], is_broken=True)
            at += 1
        else:
            yield Record(at + 1, cells)
            at += max(reader.line_num, 1)


def _order_of(header: Sequence[str], record: Record) -> str:
    """Return the normalised order ID that groups lines into one order, or an empty text."""
    for name, text in zip(header, _cells(record), strict=False):
        if column_of(name) is Column.ORDER_ID and text.strip():
            return spelled(text)
    return ""


def _part(header: list[str], lines: list[Record]) -> Part:
    first = line_of(lines[0].line, zip(header, _cells(lines[0]), strict=False))
    content = [header, [record[1:] for record in lines]]
    return part_of(first, raw={"header": header, "lines": lines}, content=content)


def _cells(record: Record) -> list[str]:
    """Return the cells of a record; one that is not valid CSV is split at its commas."""
    return record.cells[0].split(",") if record.is_broken else record.cells
