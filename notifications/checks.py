"""What must be complete before the site may start: every type with its payload, wording and sample."""

from collections.abc import Collection
from typing import Any

from django.core.checks import CheckMessage, Error, register

from .catalogue import TYPES
from .payloads import PAYLOADS
from .payloads.samples import SAMPLES
from .wording import WORDING


@register("notifications")
def check_tables(**kwargs: Any) -> list[CheckMessage]:
    """Compare the keys of the tables with the catalogue: cheap enough for every start."""
    return [
        *_compare(PAYLOADS, "payload", "notifications.payloads.PAYLOADS", "notifications.E001"),
        *_compare(WORDING, "wording", "notifications.wording.WORDING", "notifications.E002"),
        *_compare(SAMPLES, "sample", "notifications.payloads.samples.SAMPLES", "notifications.E003"),
    ]


def _compare(table: Collection[str], what: str, where: str, number: str) -> list[CheckMessage]:
    missing = [
        Error(f"The type {key!r} has no {what}.", hint=f"Add it to {where}.", id=number)
        for key in TYPES
        if key not in table
    ]
    spare = [
        Error(f"The {what} {key!r} belongs to no type.", hint=f"Take it out of {where}.", id=number)
        for key in table
        if key not in TYPES
    ]
    return missing + spare
