"""For one notification: where it went, and for every road not taken, why. In sentences."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .channels import own_words
from .enums import Channel, DeliveryStatus, Reason
from .models import Decision, Delivery, Notification


@dataclass(frozen=True, slots=True)
class Road:
    """One line of the story."""

    sentence: str
    tone: str
    """good, bad or quiet."""
    icon: str
    why: str = ""
    """A sentence of ours, where the mail server said nothing."""
    answer: str = ""
    """The mail server's own words."""


def taken(notification: Notification) -> list[Road]:
    """All roads of one notification: deliveries first, then what was decided against. Two queries."""
    deliveries = Delivery.objects.filter(notification=notification).select_related("link__line_user")
    deliveries = deliveries.order_by("created_at", "recipient")
    decisions = Decision.objects.filter(notification=notification).order_by("pk")
    return [_of_delivery(row) for row in deliveries] + [_of_decision(row) for row in decisions]


def _of_delivery(delivery: Delivery) -> Road:
    why = own_words.translated(delivery.answer) or ""
    answer = "" if why else delivery.answer
    words = {
        "channel": Channel(delivery.channel).label,
        "recipient": _shown(delivery),
        "time": _clock(delivery.settled_at or delivery.due_at),
    }
    if delivery.status == DeliveryStatus.SENT:
        return Road(_("%(channel)s to %(recipient)s: sent on %(time)s.") % words, "good", "check")
    if delivery.status == DeliveryStatus.FAILED:
        sentence = _("%(channel)s to %(recipient)s: could not be delivered (%(time)s).") % words
        return Road(sentence, "bad", "alert", why, answer)
    if delivery.status == DeliveryStatus.CANCELLED:
        return Road(_("%(channel)s to %(recipient)s: not sent.") % words, "quiet", "x", why, answer)
    if delivery.tries or delivery.answer:
        sentence = _("%(channel)s to %(recipient)s: not taken yet, next try on %(time)s.") % words
        return Road(sentence, "quiet", "clock", why, answer)
    return Road(_("%(channel)s to %(recipient)s: waiting to be sent.") % words, "quiet", "clock")


def _shown(delivery: Delivery) -> str:
    """A LINE user by their name: the id says nothing to anybody."""
    if delivery.channel != Channel.LINE:
        return delivery.recipient
    name = delivery.link.line_user.name if delivery.link else ""
    return _("“%(name)s”") % {"name": name} if name else "LINE"


def _of_decision(decision: Decision) -> Road:
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
    return Road(sentence % words, "quiet", "x")


def _clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
