"""Admin messages about deliveries that were sent again or cancelled."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from notifications.operations.redelivery import Cancelled, Requeued
from notifications.queue import enqueue


def tell_requeued(request: HttpRequest, done: Requeued) -> None:
    """Enqueue the sending tasks of the channels, and show how many deliveries are sent again."""
    for channel in done.channels:
        enqueue.enqueue_deliveries(channel)
    if done.count:
        sentence = ngettext(
            "%(count)s delivery is sent again (shops: %(shops)s).",
            "%(count)s deliveries are sent again (shops: %(shops)s).",
            done.count,
        )
        messages.success(request, sentence % {"count": done.count, "shops": len(done.shops)})
    for why, count in done.left.items():
        sentence = ngettext("%(count)s is not: %(reason)s", "%(count)s are not: %(reason)s", count)
        messages.warning(request, sentence % {"count": count, "reason": why.label})


def tell_cancelled(request: HttpRequest, done: Cancelled) -> None:
    """Show how many deliveries were cancelled."""
    if done.count:
        sentence = ngettext(
            "%(count)s delivery will not be sent (shops: %(shops)s).",
            "%(count)s deliveries will not be sent (shops: %(shops)s).",
            done.count,
        )
        messages.success(request, sentence % {"count": done.count, "shops": len(done.shops)})
    if done.left:
        sentence = ngettext(
            "%(count)s had left, had ended, or is being sent right now.",
            "%(count)s had left, had ended, or are being sent right now.",
            done.left,
        )
        messages.warning(request, sentence % {"count": done.left})
