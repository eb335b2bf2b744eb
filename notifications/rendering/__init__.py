"""A notification in one language: as a story for the site, as a letter for e-mail, as a bubble for LINE."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from ..payloads import read
from ..wording import WORDING, Reader, Story, language
from . import flex, html, text
from .frame import ADDRESS, frame_of

__all__ = ["Letter", "NotificationFacts", "bubble", "letter", "story"]


@dataclass(frozen=True, slots=True)
class NotificationFacts:
    """All that a message is made of; no rows."""

    type: str
    data: Mapping[str, Any]
    shop: str
    time_zone: str
    page_url: str
    """Where this notification stands on the site."""
    options_url: str
    """Where it is chosen which e-mails come and where they go."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What all recipients of one notification in one language read.

    Only the address differs between them. It stands near the end of both bodies, so that the part in front of it
    can be encoded once.
    """

    subject: str
    text: tuple[str, ...]
    """The body cut where the address goes."""
    html_opening: str
    """How the HTML of every letter in this language begins; it too can be encoded once."""
    html: tuple[str, ...]
    """What follows it, cut in the same way."""

    def addressed_to(self, email: str) -> tuple[str, str, str]:
        """Subject, text and HTML for this recipient."""
        page = self.html_opening + html.escape(email).join(self.html)
        return self.subject, email.join(self.text), page


def story(facts: NotificationFacts, language_code: str) -> Story:
    """What the notification says in this language. Raises `PayloadError` when its data do not fit its type."""
    reader = Reader(facts.shop, ZoneInfo(facts.time_zone), language(language_code))
    return WORDING[facts.type](read(facts.type, facts.data), reader)


def letter(facts: NotificationFacts, language_code: str) -> Letter:
    """The e-mail that tells the notification. Raises `PayloadError` when its data do not fit its type."""
    told = story(facts, language_code)
    around = frame_of(facts.type, language_code, facts.shop, facts.time_zone)
    return Letter(
        told.subject,
        tuple(text.lay_out(told, around, facts.page_url, facts.options_url).split(ADDRESS)),
        html.opening(language_code),
        tuple(html.lay_out(told, around, facts.page_url, facts.options_url).split(ADDRESS)),
    )


def bubble(facts: NotificationFacts, language_code: str) -> tuple[str, dict[str, Any]]:
    """Alt text and flex JSON for LINE. Raises `PayloadError` when the data do not fit their type."""
    told = story(facts, language_code)
    around = frame_of(facts.type, language_code, facts.shop, facts.time_zone)
    return flex.lay_out(told, around, language(language_code), facts.page_url)
