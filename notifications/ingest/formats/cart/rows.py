"""The lines of one order with their cells by column, and error messages that name the place in the feed."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from notifications.types.enums import ParkReason

from ..base import DeadLetterError
from .columns import NAMES, Column, column_of
from .decoding import UNREADABLE

Place = int | str
"""The number of a line in CSV; in JSON a path, such as orders[2].items[0]."""

_QUOTED = 40


def clean(text: str) -> str:
    """Return the text without control characters and other characters that PostgreSQL or a page cannot hold."""
    return "".join(_KIND.get(unicodedata.category(letter), letter) for letter in text).strip()


_KIND = {"Cc": " ", "Zl": " ", "Zp": " ", "Cs": UNREADABLE}


@dataclass(frozen=True, slots=True)
class Line:
    """One product of an order, together with the order's own fields."""

    place: Place
    cells: dict[Column, tuple[str, str]] = field(default_factory=dict)
    """The name that the feed gives the column, and the text: of several columns for one thing the first that says
    something."""

    def text(self, column: Column) -> str:
        """Return the cell's text, or an empty text. Raises DeadLetterError when it could not be decoded."""
        text = self.cells.get(column, ("", ""))[1]
        if UNREADABLE in text:
            raise self.fault(column, _("Some of its characters are neither UTF-8 nor CP932 (Shift_JIS)."))
        return text

    def needed(self, column: Column) -> str:
        """Return the cell's text. Raises DeadLetterError when it is empty."""
        text = self.text(column)
        if not text:
            raise self.fault(column, _("This is required."))
        return text

    def fault(self, column: Column, problem: str) -> DeadLetterError:
        """Return the error for a cell, naming its place in the feed."""
        name = self.cells.get(column, (NAMES[column][0], ""))[0]
        return DeadLetterError(ParkReason.UNKNOWN_SHAPE, _sentence(self.place, name, problem))


def line_of(place: Place, cells: Iterable[tuple[str, str]]) -> Line:
    """Build a line from pairs of column name and text; unknown columns are dropped."""
    found: dict[Column, tuple[str, str]] = {}
    for name, raw in cells:
        column, text = column_of(name), clean(raw)
        if column is not None and (text or column not in found) and not found.get(column, ("", ""))[1]:
            found[column] = (clean(name), text)
    return Line(place, found)


def quoted(text: str) -> str:
    """Shorten a feed's text for use in a sentence."""
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"


def _sentence(place: Place, column: str, problem: str) -> str:
    words = {"place": place, "column": quoted(column), "problem": problem}
    if isinstance(place, int):
        return _("Line %(place)d, column “%(column)s”: %(problem)s") % words
    return _("%(place)s, field “%(column)s”: %(problem)s") % words
