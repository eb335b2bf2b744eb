"""A notification in one language: as a story for the site, as a letter for e-mail, as a bubble for LINE."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from notifications.types.content import WORDING, MessageContent, RecipientContext, language
from notifications.types.definitions import TYPES
from notifications.types.payloads import read

from . import email_html, email_text, line_bubble
from .email_layout import ADDRESS, TOKEN, email_layout

__all__ = ["NotificationFacts", "RenderedEmail", "render_bubble", "render_content", "render_email"]


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
    unsubscribe_url: str = ""
    """Where a recipient stops an optional notification, up to their token. Empty: nowhere."""
    is_recalled: bool = False
    """Taken back: it is written for nobody any more."""


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """What all recipients of one notification in one language read.

    Only the address and the token differ between them. They stand near the end of both bodies, so that the part in
    front of them can be encoded once.
    """

    subject: str
    text: tuple[str, ...]
    """The body cut where the address goes."""
    html_opening: str
    """How the HTML of every letter in this language begins; it too can be encoded once."""
    html: tuple[str, ...]
    """What follows it, cut in the same way."""
    unsubscribe_url: str
    """Where it is stopped, up to the recipient's token; empty for what is required."""
    text_end: str
    """What follows the recipient's token, which follows the text."""
    html_end: str

    def addressed_to(self, email: str, *, token: str = "") -> tuple[str, str, str]:
        """Subject, text and HTML for this recipient."""
        page = self.html_opening + email_html.escape(email).join(self.html)
        if not self.unsubscribe_url:
            token = ""
        return self.subject, email.join(self.text) + token + self.text_end, page + token + self.html_end


def render_content(facts: NotificationFacts, language_code: str) -> MessageContent:
    """What the notification says in this language. Raises `PayloadError` when its data do not fit its type."""
    reader = RecipientContext(facts.shop, ZoneInfo(facts.time_zone), language(language_code))
    return WORDING[facts.type](read(facts.type, facts.data), reader)


def render_email(facts: NotificationFacts, language_code: str) -> RenderedEmail:
    """The e-mail that tells the notification. Raises `PayloadError` when its data do not fit its type."""
    told = render_content(facts, language_code)
    around = email_layout(facts.type, language_code, facts.shop, facts.time_zone)
    unsubscribe_url = "" if TYPES[facts.type].required else facts.unsubscribe_url
    urls = facts.page_url, facts.options_url, unsubscribe_url
    plain, _token, plain_end = email_text.lay_out(told, around, *urls).partition(TOKEN)
    page, _token, page_end = email_html.lay_out(told, around, *urls).partition(TOKEN)
    return RenderedEmail(
        told.subject,
        tuple(plain.split(ADDRESS)),
        email_html.opening(language_code),
        tuple(page.split(ADDRESS)),
        unsubscribe_url,
        plain_end,
        page_end,
    )


def render_bubble(facts: NotificationFacts, language_code: str) -> tuple[str, dict[str, Any]]:
    """Alt text and flex JSON for LINE. Raises `PayloadError` when the data do not fit their type."""
    told = render_content(facts, language_code)
    around = email_layout(facts.type, language_code, facts.shop, facts.time_zone)
    return line_bubble.lay_out(told, around, language(language_code), facts.page_url)
