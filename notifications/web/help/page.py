"""The data classes of a help page. Pages are built for every request, in the active language."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self


class Link(NamedTuple):
    """A link to another help section."""

    label: str
    page: str
    anchor: str = ""


class Setting(NamedTuple):
    """A link to a page of the seller account, shown only where the account is known."""

    label: str
    view: str


class Row(NamedTuple):
    """One line of a table."""

    cells: tuple[str, ...]
    anchor: str = ""
    details: tuple[str, ...] = ()
    """Small print below the first cell."""


class Table(NamedTuple):
    headers: tuple[str, ...]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, *lines: tuple[str, ...]) -> Self:
        """Build a table of plain text; the first line holds the headers."""
        return cls(lines[0], tuple(Row(cells) for cells in lines[1:]))

    @property
    def has_details(self) -> bool:
        return any(row.details for row in self.rows)

    def labelled(self) -> Iterator[tuple[Row, list[tuple[str, str]]]]:
        """Yield each row, and its cells after the first with their headers."""
        for row in self.rows:
            yield row, list(zip(self.headers[1:], row.cells[1:], strict=True))


@dataclass(frozen=True, slots=True)
class Section:
    """One question and its answer; the fields are shown in this order."""

    anchor: str
    """Never changes: other pages and bookmarks link to it."""
    title: str
    text: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    before_steps: str = ""
    steps: tuple[str, ...] = ()
    table: Table | None = None
    after: tuple[str, ...] = ()
    """Paragraphs that follow the list or the table."""
    links: tuple[Link, ...] = ()
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    slug: str
    icon: str
    title: str
    lead: str
    sections: tuple[Section, ...]
