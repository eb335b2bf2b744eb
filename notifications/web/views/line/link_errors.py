"""The error pages of linking LINE: what happened, that nothing was linked, and the one thing to do now."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.members.access import LAST_SELLER, primary_user
from accounts.models import Membership, User
from accounts.roles import Role
from notifications.models import LinkAttempt
from notifications.recipients.line_account.problems import Problem
from notifications.types.enums import LinkOrigin

_STATUS = {
    Problem.UNKNOWN: 404,
    Problem.EXPIRED: 410,
    Problem.USED: 410,
    Problem.LINE_DOWN: 503,
    Problem.LINE_REFUSED: 502,
    Problem.DENIED_AT_LINE: 200,
    Problem.TOO_OFTEN: 429,
}
_FROM_LINE_SETTINGS = (Problem.OTHER_BROWSER, Problem.LINE_DOWN, Problem.LINE_REFUSED, Problem.DENIED_AT_LINE)


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    sentence: str
    todo: str = ""


def stopped(request: HttpRequest, problem: Problem, *, attempt: LinkAttempt | None = None) -> HttpResponse:
    """Render the page for this problem."""
    user = request.user if isinstance(request.user, User) else None
    shop = _own_shop(request, user)
    context = {
        "words": _words(problem, user, attempt),
        "problem": problem.value,
        "person": user,
        "chat_url": settings.LINE.friend_url if settings.LINE else "",
        "settings_url": reverse("notifications:line", args=[shop]) if shop else "",
        "start_url": reverse("notifications:line_start", args=[shop]) if shop else "",
        "retry": shop and problem in _FROM_LINE_SETTINGS,
        "without_auto_login": problem == Problem.OTHER_BROWSER,
    }
    return render(request, "notifications/line/stopped.html", context, status=_STATUS.get(problem, 403))


def _own_shop(request: HttpRequest, user: User | None) -> str:
    """Return the shop whose LINE page to link to: one where the user is primary, preferably the last one looked at."""
    if user is None:
        return ""
    shops = list(Membership.objects.filter(user=user, role=Role.PRIMARY).values_list("account__public_id", flat=True))
    last = request.session.get(LAST_SELLER)
    return last if last in shops else next(iter(shops), "")


def _words(problem: Problem, user: User | None, attempt: LinkAttempt | None) -> _Words:
    new_link = _("Go back to our account in LINE and tap “Link my shop” once more: you get a new link.")
    match problem:
        case Problem.UNKNOWN:
            return _Words(_("This link is not valid"), _("It may be incomplete, or too old."), new_link)
        case Problem.EXPIRED:
            return _Words(_("This link has expired"), _("A link works for 10 minutes. Nothing was linked."), new_link)
        case Problem.USED:
            return _Words(
                _("This link was used already"),
                _("A link works once. Nothing was changed by opening it again."),
                new_link,
            )
        case Problem.OTHER_PERSON:
            return _Words(
                _("Somebody else began this"),
                _other_person(user, attempt),
                _("Sign in as the person who began it, or begin anew."),
            )
        case Problem.NOT_PRIMARY:
            return _Words(_("Only the primary user can link LINE"), _not_primary(user, attempt))
        case Problem.NO_SHOP:
            return _Words(
                _("There is no shop to link"),
                _("You are signed in as %(name)s (%(email)s), who belongs to no shop.") % _of(user),
                _("Sign in as the primary user of the shop."),
            )
        case Problem.TOO_OFTEN:
            return _Words(
                _("LINE was linked too often today"), _("Nothing was linked."), _("Please try again tomorrow.")
            )
        case Problem.DENIED_AT_LINE:
            return _Words(_("You did not agree at LINE"), _("Nothing was linked, and nothing was kept."))
        case Problem.LINE_DOWN:
            return _Words(
                _("LINE does not answer"),
                _("Nothing was linked. The trouble lies between us and LINE, not with you."),
                _("Please try again in a few minutes."),
            )
        case Problem.OTHER_BROWSER:
            return _Words(
                _("This is not the browser where you began"),
                _("LINE may have opened another browser to sign you in. To be safe, nothing was linked."),
                _("Begin anew in the browser in which you are signed in to SellerHub."),
            )
        case _:
            return _Words(_("LINE did not confirm it"), _("Nothing was linked."), _("Please begin anew."))


def _other_person(user: User | None, attempt: LinkAttempt | None) -> str:
    # Anyone may hold the link from the chat, so the name of the shop is not shown.
    if attempt is None or attempt.account is None or attempt.way == LinkOrigin.CHAT:
        return _("You are signed in as %(name)s (%(email)s), who did not begin it. Nothing was linked.") % _of(user)
    return _(
        "It was begun for the shop %(shop)s, but you are signed in as %(name)s (%(email)s). Nothing was linked."
    ) % {**_of(user), "shop": attempt.account.name}


def _not_primary(user: User | None, attempt: LinkAttempt | None) -> str:
    rows = Membership.objects.filter(user=user, role=Role.SECONDARY).select_related("account")
    if attempt is not None and attempt.account_id is not None:
        rows = rows.filter(account=attempt.account_id)
    membership = rows.order_by("account__name").first()
    if membership is None:
        return _("You are signed in as %(name)s (%(email)s). Nothing was linked.") % _of(user)
    return _(
        "You are signed in as %(name)s (%(email)s), a secondary user of %(shop)s."
        " Its primary user is %(primary)s. Nothing was linked."
    ) % {**_of(user), "shop": membership.account.name, "primary": primary_user(membership.account).name}


def _of(user: User | None) -> dict[str, str]:
    return {"name": user.name, "email": user.email} if user else {"name": "", "email": ""}
