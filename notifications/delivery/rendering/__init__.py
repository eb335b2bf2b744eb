"""Render a notification in one language: its content for the site, an e-mail, or a LINE bubble."""

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
    """All data that a message is rendered from, without model instances."""

    type: str
    data: Mapping[str, Any]
    shop: str
    time_zone: str
    page_url: str
    """The notification's page on the site."""
    options_url: str
    """The page of the notification preferences."""
    unsubscribe_url: str = ""
    """The unsubscribe link of an optional notification, without the recipient's token at its end; may be empty."""
    is_recalled: bool = False
    """Whether it was recalled; then it is sent to nobody any more."""


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """The e-mail of one notification in one language, shared by all recipients.

    Only the address and the token differ. They come near the end of both bodies, so that the part before them can
    be encoded once.
    """

    subject: str
    text: tuple[str, ...]
    """The plain-text body, split where the address goes."""
    html_opening: str
    """The beginning of the HTML, the same in every e-mail in this language; it too can be encoded once."""
    html: tuple[str, ...]
    """The rest of the HTML up to the token, split in the same way."""
    unsubscribe_url: str
    """The unsubscribe link without the recipient's token; empty for a required notification."""
    text_end: str
    """The plain text after the recipient's token."""
    html_end: str

    def addressed_to(self, email: str, *, token: str = "") -> tuple[str, str, str]:
        """Return subject, text and HTML for this recipient."""
        page = self.html_opening + email_html.escape(email).join(self.html)
        if not self.unsubscribe_url:
            token = ""
        return self.subject, email.join(self.text) + token + self.text_end, page + token + self.html_end


def render_content(facts: NotificationFacts, language_code: str) -> MessageContent:
    """Return the notification's content in this language; raises `PayloadError` when its data do not fit its type."""
    reader = RecipientContext(facts.shop, ZoneInfo(facts.time_zone), language(language_code))
    return WORDING[facts.type](read(facts.type, facts.data), reader)


def render_email(facts: NotificationFacts, language_code: str) -> RenderedEmail:
    """Return the notification as an e-mail; raises `PayloadError` when its data do not fit its type."""
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
    """Return alt text and Flex Message JSON for LINE; raises `PayloadError` when the data do not fit their type."""
    told = render_content(facts, language_code)
    around = email_layout(facts.type, language_code, facts.shop, facts.time_zone)
    return line_bubble.lay_out(told, around, language(language_code), facts.page_url)
