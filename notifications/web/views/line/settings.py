"""Views of the LINE settings: status, link, test message, unlink."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.members.access import SellerRequest, member, notification_editor, primary, primary_user
from accounts.rule_violation import RuleViolationError
from notifications import line_bot
from notifications.channels.line.config import configured
from notifications.queue import channel_pause, enqueue
from notifications.recipients import line_account
from notifications.recipients.line_account import attempts
from notifications.types.definitions import TYPES
from notifications.types.enums import Channel, LinkState

from ...help import line_questions
from ...qr import qr_code
from .redirects import line_page, off_to


@line_page
@member
@require_safe
def index(request: SellerRequest) -> HttpResponse:
    link = line_account.current(request.seller)
    context = {
        "link": link,
        "line": configured(),
        "qr_code": qr_code(configured().friend_url),
        "told": [kind for kind in TYPES.values() if kind.line],
        "pause": channel_pause.current(Channel.LINE),
        "primary": primary_user(request.seller),
        "questions": line_questions(),
    }
    return render(request, "notifications/line/index.html", context)


@line_page
@primary
@require_POST
def start(request: SellerRequest) -> HttpResponse:
    """Start LINE Login by redirecting to LINE."""
    if not ratelimit.consume(request, action="link_line", user=request.user):
        messages.error(request, _("That was too often in a short time. Try again in a few minutes."))
        return _back(request)
    begun = attempts.begin_on_site(
        request.seller,
        request.user,
        redirect_uri=callback_url(),
        auto_login=request.POST.get("auto_login") != "no",
    )
    return off_to(begun.url)


@line_page
@primary
@require_http_methods(["GET", "HEAD", "POST"])
def unlink(request: SellerRequest) -> HttpResponse:
    """Ask, then end the link."""
    link = line_account.current(request.seller)
    if link is None:
        return _back(request)
    if request.method != "POST":
        return render(request, "notifications/line/unlink.html", {"link": link})
    try:
        ended = line_account.unlink(request.seller, by=request.user)
    except RuleViolationError as refusal:
        messages.error(request, str(refusal))
        return _back(request)
    if ended is not None:
        enqueue.enqueue_line_events()
        messages.success(request, _("The LINE link has ended. Nothing of this shop is sent to LINE any more."))
    return _back(request)


@line_page
@notification_editor
@require_POST
def test(request: SellerRequest) -> HttpResponse:
    """Enqueue a test message to the linked LINE user."""
    link = line_account.current(request.seller)
    if link is None or link.state != LinkState.LIVE:
        messages.error(request, _("Nothing can be sent to LINE at present, so no test was sent."))
    elif not ratelimit.consume(request, action="test_line", key=str(request.seller.pk)):
        messages.error(request, _("That was too often in a short time. Try again in a few minutes."))
    else:
        line_bot.enqueue_test(link)
        enqueue.enqueue_line_events()
        messages.success(
            request,
            _("A test message is on its way to “%(name)s”. Look into LINE on your phone.")
            % {"name": link.line_user.name},
        )
    return _back(request)


def callback_url() -> str:
    """Return the callback URL exactly as it is registered at LINE."""
    return settings.SITE_URL + reverse("notifications:line_callback")


def _back(request: SellerRequest) -> HttpResponse:
    return redirect("notifications:line", request.seller.public_id)
