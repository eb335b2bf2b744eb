"""Where one notification was sent, and why each other route was skipped, as sentences."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.address_health import explanations as failure_words
from notifications.address_health.assessment import COMPLAINT
from notifications.channels import internal_reasons
from notifications.models import Delivery, Notification, SkippedRoute
from notifications.types.enums import AWAITED, Channel, DeliveryStatus, Reason


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """The outcome of one route, as shown to a seller."""

    sentence: str
    tone: str
    """good, bad or quiet."""
    icon: str
    why: str = ""
    """A sentence of SellerHub that explains the outcome."""
    answer: str = ""
    """The provider's response, verbatim."""


def taken(notification: Notification) -> list[DeliveryOutcome]:
    """Return the outcomes of all routes of one notification."""
    return of([notification])[notification.pk]


def of(notifications: Collection[Notification]) -> dict[UUID, list[DeliveryOutcome]]:
    """Return the outcomes by notification ID: deliveries first, then skipped routes. Two queries."""
    found: dict[UUID, list[DeliveryOutcome]] = {one.pk: [] for one in notifications}
    deliveries = Delivery.objects.filter(notification__in=found).select_related("link__line_user", "address")
    for delivery in deliveries.order_by("created_at", "recipient"):
        found[delivery.notification_id].append(_of_delivery(delivery))
    for decision in SkippedRoute.objects.filter(notification__in=found).order_by("pk"):
        found[decision.notification_id].append(_of_decision(decision))
    return found


def _of_delivery(delivery: Delivery) -> DeliveryOutcome:
    why = internal_reasons.translated(delivery.answer) or ""
    answer = "" if why else delivery.answer
    words = {
        "channel": Channel(delivery.channel).label,
        "recipient": _shown(delivery),
        "time": _clock(delivery.completed_at or delivery.due_at),
    }
    if delivery.status == DeliveryStatus.SENT:
        return DeliveryOutcome(_("%(channel)s to %(recipient)s: sent on %(time)s.") % words, "good", "check", why)
    if delivery.status == DeliveryStatus.HELD:
        words["reason"] = _reason(delivery)
        sentence = _("%(channel)s to %(recipient)s: held. %(reason)s") % words
        return DeliveryOutcome(sentence, "bad", "clock", _since(delivery), answer)
    if delivery.status == DeliveryStatus.BOUNCED:
        words["reason"] = _reason(delivery)
        sentence = _("%(channel)s to %(recipient)s: sent on %(time)s, but it came back. %(reason)s") % words
        return DeliveryOutcome(sentence, "bad", "alert", "", answer)
    if delivery.status == DeliveryStatus.FAILED:
        sentence = _("%(channel)s to %(recipient)s: could not be delivered (%(time)s).") % words
        return DeliveryOutcome(sentence, "bad", "alert", why, answer)
    if delivery.status == DeliveryStatus.CANCELLED:
        return DeliveryOutcome(_("%(channel)s to %(recipient)s: not sent.") % words, "quiet", "x", why, answer)
    if delivery.tries or delivery.answer:
        sentence = _("%(channel)s to %(recipient)s: not taken yet, next try on %(time)s.") % words
        return DeliveryOutcome(sentence, "quiet", "clock", why, answer)
    return DeliveryOutcome(_("%(channel)s to %(recipient)s: waiting to be sent.") % words, "quiet", "clock")


def _reason(delivery: Delivery) -> str:
    return failure_words.reason(delivery.cause)


def _since(delivery: Delivery) -> str:
    address = delivery.address
    if address is not None and address.failure and delivery.cause in (COMPLAINT, AWAITED):
        return ""
    if address is None:
        return ""
    if not address.failure:
        return _("The address can be written to; on its page you choose whether this is sent.")
    since = date_format(timezone.localtime(address.state_since), "DATETIME_FORMAT")
    return _("Mail to this address has failed since %(date)s.") % {"date": since}


def _shown(delivery: Delivery) -> str:
    """Return the LINE user's name instead of their ID, which means nothing to a seller."""
    if delivery.channel != Channel.LINE:
        return delivery.recipient
    name = delivery.link.line_user.name if delivery.link else ""
    return _("“%(name)s”") % {"name": name} if name else "LINE"


def _of_decision(decision: SkippedRoute) -> DeliveryOutcome:
    words = {
        "channel": Channel(decision.channel).label,
        "recipient": decision.recipient,
        "reason": Reason(decision.reason).label,
    }
    by, at = decision.detail.get("by"), parse_datetime(str(decision.detail.get("at", "")))
    if decision.reason == Reason.SWITCHED_OFF and by and at:
        sentence = _("%(channel)s: not sent. %(name)s switched it off on %(date)s.")
        words |= {"name": by, "date": date_format(timezone.localtime(at), "DATE_FORMAT")}
    elif decision.recipient:
        sentence = _("%(channel)s to %(recipient)s: not sent. %(reason)s")
    else:
        sentence = _("%(channel)s: not sent. %(reason)s")
    return DeliveryOutcome(sentence % words, "quiet", "x")


def _clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
