"""The content of a message, before a channel renders it."""

from dataclasses import dataclass
from typing import NamedTuple


class Fact(NamedTuple):
    label: str
    value: str
    url: str = ""


class Row(NamedTuple):
    main: str
    detail: str
    """Small print below `main`, such as the SKU; may be empty."""
    values: tuple[str, ...]
    """The other columns."""


class Table(NamedTuple):
    headers: tuple[str, ...]
    """One for `main`, then one for each of the values."""
    rows: tuple[Row, ...]


class Section(NamedTuple):
    title: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageContent:
    """One notification in one language, as rendered in e-mail, on LINE and on the site."""

    headline: str
    """Short: for lists and page titles."""
    subject: str
    """The headline with the shop's name."""
    happened: str
    """One sentence."""
    action: str
    """The label of the button."""
    facts: tuple[Fact, ...] = ()
    paragraphs: tuple[str, ...] = ()
    """Further text; in a broadcast the operators' own text."""
    table: Table | None = None
    todo: tuple[str, ...] = ()
    """What the seller must do, step by step."""
    sections: tuple[Section, ...] = ()
    """Advice that helps with it."""
    note: str = ""
