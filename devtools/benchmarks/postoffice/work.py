"""From event to outcome with django-post_office: at its defaults, and tuned by hand."""

from collections.abc import Iterator, Sequence
from typing import Any

from post_office import mail
from post_office.models import EmailTemplate

from .. import events
from .models import Preference

SITE = "https://sellers.example"
Event = dict[str, Any]


def take_in_one_by_one(told: Sequence[Event]) -> None:
    """As the documentation shows it: `mail.send` for each mail, the template by its name."""
    for event in told:
        preference = Preference.objects.select_related("shop").get(shop__public_id=event["seller"], type=event["type"])
        if preference.email:
            for destination in preference.destinations.all():
                mail.send(
                    destination.address,
                    template=event["type"],
                    context=_context(event, preference, destination.address),
                )


def take_in_by_batch(told: Sequence[Event]) -> None:
    """Choices looked up for a whole batch, mails queued by `send_many`."""
    templates = {template.name: template for template in EmailTemplate.objects.all()}
    for begin in range(0, len(told), events.BATCH):
        mail.send_many(list(_mails(told[begin : begin + events.BATCH], templates)))


def _mails(batch: Sequence[Event], templates: dict[str, EmailTemplate]) -> Iterator[dict[str, Any]]:
    found = (
        Preference.objects.filter(
            shop__public_id__in={event["seller"] for event in batch}, type__in={event["type"] for event in batch}
        )
        .select_related("shop")
        .prefetch_related("destinations")
    )
    preferences = {(preference.shop.public_id, preference.type): preference for preference in found}
    for event in batch:
        preference = preferences[event["seller"], event["type"]]
        if preference.email:
            for destination in preference.destinations.all():
                yield {
                    "recipients": destination.address,
                    "template": templates[event["type"]],
                    "context": _context(event, preference, destination.address),
                }


def _context(event: Event, preference: Preference, address: str) -> dict[str, Any]:
    return {
        **event["data"],
        "shop": preference.shop.name,
        "address": address,
        "page_url": f"{SITE}/n/{event['id']}/",
        "options_url": f"{SITE}/shops/{event['seller']}/settings/notifications/",
    }
