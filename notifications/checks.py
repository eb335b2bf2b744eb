"""Django system checks: every notification type must have a payload, a wording and a sample."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from .delivery.rendering import NotificationFacts, render_content, render_email
from .types.content import WORDING, MessageContent
from .types.definitions import TYPES
from .types.payloads import PAYLOADS, PayloadError
from .types.payloads.samples import SAMPLES


@register("notifications")
def check_tables(**kwargs: Any) -> list[CheckMessage]:
    """Check that the tables have exactly the catalogue's types as keys; cheap enough for every start."""
    return [
        *_compare(PAYLOADS, "payload", "notifications.types.payloads.PAYLOADS", "notifications.E001"),
        *_compare(WORDING, "wording", "notifications.types.content.WORDING", "notifications.E002"),
        *_compare(SAMPLES, "sample", "notifications.types.payloads.samples.SAMPLES", "notifications.E003"),
    ]


def _compare(table: Collection[str], what: str, where: str, number: str) -> list[CheckMessage]:
    missing: list[CheckMessage] = [
        Error(f"The type {key!r} has no {what}.", hint=f"Add it to {where}.", id=number)
        for key in TYPES
        if key not in table
    ]
    spare: list[CheckMessage] = [
        Error(f"The {what} {key!r} belongs to no type.", hint=f"Take it out of {where}.", id=number)
        for key in table
        if key not in TYPES
    ]
    return missing + spare


@register("notifications", deploy=True)
def check_messages(**kwargs: Any) -> list[CheckMessage]:
    """Render the sample of every type in every language; reports sentences that are not translated."""
    return [error for key in TYPES if key in PAYLOADS and key in WORDING and key in SAMPLES for error in _check(key)]


def _check(key: str) -> list[CheckMessage]:
    facts = NotificationFacts(
        key, SAMPLES[key], "Shop", "Asia/Tokyo", "https://shop.example/n/", "https://shop.example/"
    )
    try:
        told = {code: render_content(facts, code) for code, _ in settings.LANGUAGES}
        for code in told:
            render_email(facts, code)
    except (PayloadError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        return [Error(f"The sample of {key!r} cannot be rendered: {error}", id="notifications.E004")]
    english = _sentences(told["en"])
    return [
        Error(
            f"{key!r} says in {code!r} what it says in English: {sentence!r}.",
            hint=f"Translate it in locale/{code}/LC_MESSAGES/django.po.",
            id="notifications.E005",
        )
        for code in told
        if code != "en"
        for sentence in _sentences(told[code])
        if sentence in english
    ]


def _sentences(told: MessageContent) -> list[str]:
    """Return the sentences that must differ between languages; labels such as SKU may be the same."""
    points = [point for section in told.sections for point in (section.title, *section.points)]
    return [told.headline, told.happened, told.action, *told.todo, *points, *filter(None, [told.note])]
