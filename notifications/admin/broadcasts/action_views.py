"""Admin views that change a broadcast's state: release, confirm, withdraw, stop, resume, recall."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rule_violation import RuleViolationError

from ...models import Broadcast
from ...operations.broadcasts import audience, transitions
from ...operations.broadcasts.content import is_emergency
from ...operations.redelivery import recalls
from ...operations.redelivery.recalls import TELLABLE, Correction
from ...queue import enqueue
from ..deliveries.recalls import CorrectionForm
from .status import audience_of, broadcast_status

Context = dict[str, Any]


def release(request: HttpRequest, broadcast: Broadcast, context: Context, by: User) -> HttpResponse:
    """Show the number of sellers and the time; on POST release the broadcast."""
    seen = _seen(request)
    if seen is None:
        return _ask(request, broadcast, context, step="release")
    try:
        transitions.release(broadcast, by=by, seen=seen)
    except RuleViolationError as refusal:
        messages.error(request, str(refusal))
    else:
        enqueue.enqueue_once("send_broadcasts")
        if is_emergency(broadcast):
            messages.success(request, _("It is released. Now a second operator must confirm it."))
        else:
            messages.success(request, _("It is released."))
    return _back(broadcast)


def confirm(request: HttpRequest, broadcast: Broadcast, context: Context, by: User) -> HttpResponse:
    """Show the second operator what will be sent; on POST confirm it."""
    seen = _seen(request)
    if seen is None:
        return _ask(request, broadcast, context, step="confirm")
    try:
        transitions.confirm(broadcast, by=by, seen=seen)
    except RuleViolationError as refusal:
        messages.error(request, str(refusal))
    else:
        enqueue.enqueue_once("send_broadcasts")
        messages.success(request, _("It is confirmed."))
    return _back(broadcast)


def withdraw(request: HttpRequest, broadcast: Broadcast, context: Context, by: User) -> HttpResponse:
    return _act(request, broadcast, by, transitions.withdraw, _("It is a draft again."))


def stop(request: HttpRequest, broadcast: Broadcast, context: Context, by: User) -> HttpResponse:
    return _act(request, broadcast, by, transitions.stop, _("It is stopped. Nobody else is told."))


def resume(request: HttpRequest, broadcast: Broadcast, context: Context, by: User) -> HttpResponse:
    return _act(request, broadcast, by, transitions.resume, _("It goes on."))


def recall(request: HttpRequest, broadcast: Broadcast, context: Context, by: User) -> HttpResponse:
    """Ask for a correction; on POST recall the broadcast."""
    can_tell = broadcast.type in TELLABLE
    form = CorrectionForm(request.POST or None, can_tell=can_tell, initial={"tells": is_emergency(broadcast)})
    if request.method == "POST" and form.is_valid():
        correction = Correction(form.cleaned_data["correction_ja"], form.cleaned_data["correction_en"])
        try:
            recalls.recall_broadcast(broadcast, correction, tells=can_tell and form.cleaned_data["tells"], by=by)
        except RuleViolationError as refusal:
            messages.error(request, str(refusal))
        else:
            enqueue.enqueue_once("send_broadcasts")
            messages.success(request, _("It is being taken back."))
        return _back(broadcast)
    context |= {"form": form, "broadcast": broadcast, "title": _("Take this broadcast back")}
    return render(request, "admin/notifications/recall.html", context, status=422 if form.is_bound else 200)


def standing(request: HttpRequest, broadcast: Broadcast, context: Context, by: User) -> HttpResponse:
    """Render the status part of the page, which is polled."""
    told = {"standing": broadcast_status(broadcast, by)}
    return render(request, "admin/notifications/broadcast/_standing.html", told)


def _ask(request: HttpRequest, broadcast: Broadcast, context: Context, *, step: str) -> HttpResponse:
    context |= {
        "broadcast": broadcast,
        "count": audience.count(broadcast),
        "audience": audience_of(broadcast),
        "is_emergency": is_emergency(broadcast),
        "step": step,
        "seen": broadcast.changed_at.isoformat(),
        "title": _("Confirm this emergency notice") if step == "confirm" else _("Release this broadcast"),
    }
    return render(request, "admin/notifications/broadcast/release.html", context)


def _act(request: HttpRequest, broadcast: Broadcast, by: User, step: Any, done: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        step(broadcast, by=by)
    except RuleViolationError as refusal:
        messages.error(request, str(refusal))
    else:
        enqueue.enqueue_once("send_broadcasts")
        messages.success(request, done)
    return _back(broadcast)


def _seen(request: HttpRequest) -> datetime | None:
    """Return when the broadcast that the operator agreed to was last changed; None if they have not agreed."""
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None


def _back(broadcast: Broadcast) -> HttpResponse:
    return redirect("admin:notifications_broadcast_change", broadcast.pk)
