"""The status of a broadcast in sentences, and the actions that an operator may take now."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import MarketplaceRegion, Plan, User

from ...models import Broadcast, Recall
from ...operations.redelivery.recalls import RECALLABLE
from ...types.enums import BroadcastState

_TONES = {
    BroadcastState.DRAFT: "quiet",
    BroadcastState.WAITING: "warn",
    BroadcastState.SCHEDULED: "news",
    BroadcastState.SENDING: "news",
    BroadcastState.STOPPED: "warn",
    BroadcastState.SENT: "good",
    BroadcastState.RECALLED: "bad",
}


@dataclass(frozen=True, slots=True)
class Act:
    """An action button."""

    page: str
    """The key of the page in `broadcast.PAGES`."""
    label: str
    posts: bool = False
    """Whether it acts at once; otherwise it opens a page that asks first."""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class BroadcastStatus:
    """The status shown at the top of a broadcast's page."""

    broadcast: Broadcast
    tone: str
    sentences: list[str]
    problem: str
    acts: list[Act]
    shows_progress: bool
    is_moving: bool
    """Whether the status may change within seconds, so that the page polls."""


def broadcast_status(broadcast: Broadcast, user: User | AnonymousUser) -> BroadcastStatus:
    """Return the status and the user's possible actions; queries the recall, if there is one."""
    state = BroadcastState(broadcast.state)
    recall = Recall.objects.filter(broadcast=broadcast).select_related("by").first()
    return BroadcastStatus(
        broadcast=broadcast,
        tone=_TONES[state],
        sentences=_of_recall(recall) if recall else _sentences(broadcast, user),
        problem=_problem(broadcast),
        acts=_acts(broadcast, user),
        shows_progress=state in (*RECALLABLE, BroadcastState.RECALLED),
        is_moving=broadcast.due_at is not None or (recall is not None and recall.due_at is not None),
    )


def progress(broadcast: Broadcast) -> str:
    """Return the progress for the list, such as "10 of 200"; empty before sending has started."""
    if broadcast.started_at is None:
        return ""
    return _("%(done)s of %(total)s") % _numbers(broadcast)


def audience_of(broadcast: Broadcast) -> str:
    """Describe the audience in words."""
    spoken = dict(settings.LANGUAGES)
    chosen = [
        *(str(Plan(one).label) for one in broadcast.plans),
        *(spoken.get(one, one) for one in broadcast.languages),
        *(str(MarketplaceRegion(one).label) for one in broadcast.regions),
    ]
    if broadcast.sellers:
        chosen.append(_("a list of sellers: %(count)s") % {"count": f"{len(broadcast.sellers):,}"})
    return " · ".join(chosen) or _("all sellers")


def _sentences(broadcast: Broadcast, user: User | AnonymousUser) -> list[str]:
    match broadcast.state:
        case BroadcastState.DRAFT:
            return [_("Nobody has been told yet. Look at the preview, then release it.")]
        case BroadcastState.WAITING:
            released = _("%(name)s released it on %(date)s.") % {
                "name": broadcast.submitted_by or "–",
                "date": _clock(broadcast.submitted_at),
            }
            if broadcast.submitted_by_id == user.pk:
                return [released, _("Somebody other than you must confirm it; then it goes at once.")]
            return [released, _("It goes as soon as a second operator confirms it.")]
        case BroadcastState.SCHEDULED if broadcast.due_at and broadcast.due_at > timezone.now():
            return [_("It begins on %(date)s.") % {"date": _clock(broadcast.due_at)}]
        case BroadcastState.SCHEDULED:
            return [_("It begins in a moment.")]
        case BroadcastState.SENDING:
            return [_("%(done)s of %(total)s sellers have been told.") % _numbers(broadcast)]
        case BroadcastState.STOPPED:
            return [
                _("%(done)s of %(total)s sellers have been told.") % _numbers(broadcast),
                _("The others hear nothing until it is resumed."),
            ]
        case _:
            finished = {"date": _clock(broadcast.finished_at)}
            return [
                _("%(done)s of %(total)s sellers have been told.") % _numbers(broadcast),
                _("It was finished on %(date)s.") % finished,
            ]


def _of_recall(recall: Recall) -> list[str]:
    numbers = {
        "recalled": f"{recall.recalled:,}",
        "cancelled": f"{recall.cancelled:,}",
        "told": f"{recall.told:,}",
        "name": recall.by or "–",
        "date": _clock(recall.at),
    }
    said = [_("%(name)s took it back on %(date)s.") % numbers]
    if recall.due_at is not None:
        said.append(_("This is still under way."))
    said.append(_("Notices that show the correction: %(recalled)s.") % numbers)
    said.append(_("Messages that had not left and stay here: %(cancelled)s.") % numbers)
    if recall.tells:
        said.append(_("Sellers who are told of the correction: %(told)s.") % numbers)
    return said


def _problem(broadcast: Broadcast) -> str:
    if not broadcast.problem or broadcast.due_at is None:
        return ""
    return _("The last part failed (%(problem)s, tries: %(tries)s). The next try is on %(date)s.") % {
        "problem": broadcast.problem,
        "tries": broadcast.tries,
        "date": _clock(broadcast.due_at),
    }


def _acts(broadcast: Broadcast, user: User | AnonymousUser) -> list[Act]:
    acts = [Act("preview", pgettext("broadcast", "Preview"))]
    state = broadcast.state
    if user.has_perm("notifications.send_broadcast"):
        if state == BroadcastState.DRAFT:
            acts.append(Act("release", pgettext("broadcast", "Release…"), tone="main"))
        elif state == BroadcastState.SENDING:
            acts.append(Act("stop", pgettext("broadcast", "Stop"), posts=True))
        elif state == BroadcastState.STOPPED:
            acts.append(Act("resume", pgettext("broadcast", "Resume"), posts=True, tone="main"))
        elif state in (BroadcastState.WAITING, BroadcastState.SCHEDULED):
            acts.append(Act("withdraw", pgettext("broadcast", "Back to draft"), posts=True))
    may_confirm = user.has_perm("notifications.approve_broadcast") and broadcast.submitted_by_id != user.pk
    if state == BroadcastState.WAITING and may_confirm:
        acts.append(Act("confirm", pgettext("broadcast", "Confirm…"), tone="main"))
    if state in RECALLABLE and user.has_perm("notifications.recall_notification"):
        acts.append(Act("recall", pgettext("broadcast", "Take back…"), tone="danger"))
    return acts


def _numbers(broadcast: Broadcast) -> dict[str, str]:
    return {"done": f"{broadcast.done:,}", "total": f"{max(broadcast.total, broadcast.done):,}"}


def _clock(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""
