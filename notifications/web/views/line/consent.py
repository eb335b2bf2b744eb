"""Consent page for linking LINE, showing shop, user and LINE name. GET changes nothing; only Agree links."""

from threading import BoundedSemaphore
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.members.access import LAST_SELLER, PersonRequest
from accounts.models import Membership, SellerAccount, User
from accounts.roles import Role
from notifications.channels.line.config import configured
from notifications.models import LinkAttempt
from notifications.queue import enqueue
from notifications.recipients import line_account
from notifications.recipients.line_account import attempts
from notifications.recipients.line_account.problems import Problem, StoppedError
from notifications.types.enums import AttemptStage, LinkOrigin, LinkState

from .link_errors import stopped
from .redirects import line_page, off_to
from .settings import callback_url

_AT_LINE = BoundedSemaphore(2)
"""Limits the threads of a process that wait for LINE at once, so that the others can serve requests."""
_OPENED_LINK = "line_opened_link"
"""Session key: the token of the account link that was opened last."""


@line_page
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Receive the redirect from LINE Login. Without a signed-in user it comes from another browser."""
    if not request.user.is_authenticated:
        return stopped(request, Problem.OTHER_BROWSER)
    if not _AT_LINE.acquire(blocking=False):
        return stopped(request, Problem.LINE_DOWN)
    try:
        attempt = attempts.come_back(
            cast(User, request.user),
            state=request.GET.get("state", "")[:200],
            code=request.GET.get("code", "")[:1000],
            error=request.GET.get("error", "")[:100],
            redirect_uri=callback_url(),
        )
    except StoppedError as stop:
        begun_for = None
        if stop.problem == Problem.OTHER_PERSON:
            begun_for = attempts.of_state(request.GET.get("state", "")[:200])
        return stopped(request, stop.problem, attempt=begun_for)
    finally:
        _AT_LINE.release()
    return redirect("notifications:line_consent", attempt.pk)


@line_page
@require_safe
def from_chat(request: HttpRequest, token: str) -> HttpResponse:
    """Open the account link from the LINE chat, and move its token from the URL into the session."""
    try:
        attempt = attempts.of_link_token(token)
    except StoppedError as stop:
        return stopped(request, stop.problem)
    if attempt.stage == AttemptStage.STARTED and attempt.has_expired:
        return stopped(request, Problem.EXPIRED)
    request.session[_OPENED_LINK] = token
    return redirect("notifications:line_consent", attempt.pk)


@line_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: PersonRequest, attempt_id: UUID) -> HttpResponse:
    """Ask for consent, record it, and show the status afterwards."""
    rows = LinkAttempt.objects.select_related("account", "line_user", "user")
    attempt = rows.filter(pk=attempt_id).first()
    token = str(request.session.get(_OPENED_LINK, ""))
    if attempt is None or not _may_see(request.user, attempt, token):
        return stopped(request, Problem.UNKNOWN)
    if attempt.user == request.user and attempt.stage in (AttemptStage.AGREED, AttemptStage.LINKED):
        again = _second_tap(request, attempt)
        if again is not None and attempts.is_of_link_token(attempt, token):
            return _agree(request, attempt, again, token=token)
        return _standing(request, attempt)
    try:
        attempts.check_consent(attempt, request.user)
        shops = _shops(request.user, attempt)
    except StoppedError as stop:
        return stopped(request, stop.problem, attempt=attempt)
    if request.method == "POST" and "deny" in request.POST:
        return _deny(request, attempt)
    if request.method == "POST" and "agree" in request.POST:
        chosen = next((shop for shop in shops if shop.public_id == request.POST.get("shop")), None)
        if chosen is not None:
            return _agree(request, attempt, chosen, token=token)
    return _ask(request, attempt, shops)


def _second_tap(request: PersonRequest, attempt: LinkAttempt) -> SellerAccount | None:
    """Return the shop of a repeated click on Agree, when the browser dropped the first redirect to LINE."""
    account = attempt.account
    if account is None or attempt.stage != AttemptStage.AGREED or attempt.has_expired:
        return None
    return account if "agree" in request.POST and request.POST.get("shop") == account.public_id else None


def _may_see(user: User, attempt: LinkAttempt, token: str) -> bool:
    """Allow the user who began it on the site, or whoever opened its link from the chat."""
    return attempt.user == user or (attempt.way == LinkOrigin.CHAT and attempts.is_of_link_token(attempt, token))


def _ask(
    request: PersonRequest, attempt: LinkAttempt, shops: list[SellerAccount], *, again: bool = False
) -> HttpResponse:
    last = request.session.get(LAST_SELLER)
    context = {
        "attempt": attempt,
        "shops": [(shop, attempts.in_the_way(attempt, shop)) for shop in shops],
        "preselected": next((shop for shop in shops if shop.public_id == last), shops[0]).public_id,
        "again": again,
    }
    return render(request, "notifications/line/consent.html", context, status=409 if again else 200)


def _agree(request: PersonRequest, attempt: LinkAttempt, shop: SellerAccount, *, token: str) -> HttpResponse:
    other = attempts.in_the_way(attempt, shop)
    replaces = other if other is not None and request.POST.get("replace") == str(other.pk) else None
    try:
        nonce = attempts.agree(attempt, request.user, shop, replaces=replaces, link_token=token)
    except StoppedError as stop:
        if stop.problem == Problem.OTHER_LINKED:
            return _ask(request, attempt, [shop], again=True)
        return stopped(request, stop.problem, attempt=attempt)
    if attempt.way == LinkOrigin.CHAT:
        query = urlencode({"linkToken": token, "nonce": nonce})
        return off_to(f"{configured().access_url}/dialog/bot/accountLink?{query}")
    enqueue.enqueue_line_events()
    messages.success(request, _("Linked: notifications of %(shop)s now arrive on LINE too.") % {"shop": shop.name})
    return redirect("notifications:line", shop.public_id)


def _deny(request: PersonRequest, attempt: LinkAttempt) -> HttpResponse:
    try:
        attempts.deny(attempt, request.user)
    except StoppedError as stop:
        return stopped(request, stop.problem, attempt=attempt)
    request.session.pop(_OPENED_LINK, None)
    enqueue.enqueue_line_events()
    return render(request, "notifications/line/denied.html", {"attempt": attempt})


def _standing(request: PersonRequest, attempt: LinkAttempt) -> HttpResponse:
    """Show the status after consent: linked, or waiting for LINE's event, because LINE does not redirect back."""
    linked = attempt.stage == AttemptStage.LINKED
    if linked:
        request.session.pop(_OPENED_LINK, None)
        link = line_account.current(attempt.account) if attempt.account else None
        if link is None or link.line_user_id != attempt.line_user_id:
            return stopped(request, Problem.USED)
        if link.state != LinkState.LIVE:
            return redirect("notifications:line", link.account.public_id)
    context = {"attempt": attempt, "linked": linked, "over": not linked and attempt.has_expired}
    return render(request, "notifications/line/standing.html", context)


def _shops(user: User, attempt: LinkAttempt) -> list[SellerAccount]:
    """Return the shops that the user may link; raise StoppedError when there is none."""
    memberships = Membership.objects.filter(user=user).select_related("account").order_by("account__name")
    own = [one.account for one in memberships if one.role == Role.PRIMARY]
    if attempt.account_id is not None:
        own = [account for account in own if account.pk == attempt.account_id]
    if not own:
        raise StoppedError(Problem.NOT_PRIMARY if memberships else Problem.NO_SHOP)
    return own
