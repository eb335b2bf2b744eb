"""Create, look up and end the link of a seller account to a LINE user. Changes lock the account first."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.activity.member_log import record
from accounts.members import memberships
from accounts.models import SellerAccount, User
from notifications.channels import internal_reasons
from notifications.models import Deauthorization, LineLink, LineNotice, LineUser, LinkMail
from notifications.models.line import shown_name
from notifications.types.enums import LinkEnd, LinkOrigin, LinkState

from .friendship import cancel_deliveries, enqueue_welcome, state_of
from .problems import Problem, StoppedError

LINKS_A_DAY = 10
"""New links a day for one seller account or one LINE user."""
_UNLINKED = (LinkEnd.UNLINKED, LinkEnd.UNLINKED_IN_CHAT)
HOLDING = (LinkState.LIVE, LinkState.WAITING)
"""States of a link that another LINE account must explicitly replace."""


class Established(NamedTuple):
    link: LineLink
    is_new: bool
    """False: this LINE account was linked already, and nothing changed."""


def current(account: SellerAccount) -> LineLink | None:
    """Return the account's link that has not ended, with its users loaded; None when there is none."""
    links = LineLink.objects.filter(account=account).exclude(state=LinkState.ENDED)
    return links.select_related("line_user", "linked_by").first()


class LinkStatus(NamedTuple):
    """The state of an account's link, without model instances."""

    state: LinkState
    since: datetime
    name: str
    """The LINE user's name; may be empty."""

    @property
    def shown_name(self) -> str:
        return shown_name(self.name)

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "LinkStatus | None":
        """Build it from a row queried with `STANDING`; None without a link."""
        if facts["link_state"] is None:
            return None
        return cls(LinkState(facts["link_state"]), facts["link_since"], facts["link_name"])


_OF_ACCOUNT = LineLink.objects.filter(account=OuterRef("pk")).exclude(state=LinkState.ENDED)
STANDING = {
    "link_state": Subquery(_OF_ACCOUNT.values("state")[:1]),
    "link_since": Subquery(_OF_ACCOUNT.values("state_since")[:1]),
    "link_name": Subquery(_OF_ACCOUNT.values("line_user__name")[:1]),
}
"""Annotations for a query of seller accounts that load the link's status with it."""


def state(account: SellerAccount) -> LinkState | None:
    """Return the state of the account's link; None when there is none."""
    links = LineLink.objects.filter(account=account).exclude(state=LinkState.ENDED)
    found = links.values_list("state", flat=True).first()
    return None if found is None else LinkState(found)


@transaction.atomic
def establish(
    account: SellerAccount,
    person: LineUser,
    *,
    by: User,
    way: LinkOrigin,
    at: datetime,
    agreed_at: datetime,
    replaces: LineLink | None,
    refresh_token: str = "",
) -> Established:
    """Link the seller account and the LINE user.

    Raises RuleViolationError when `by` is not the primary user any more, and StoppedError when another LINE account is
    linked that the user did not choose to replace, when it was unlinked after the consent, or when the account or the
    LINE user was linked LINKS_A_DAY times in the last 24 hours.
    """
    locked = memberships.lock(account)
    memberships.require_primary(locked, by)
    if LineLink.objects.filter(account=locked, end_reason__in=_UNLINKED, ended_at__gt=agreed_at).exists():
        raise StoppedError(Problem.USED)
    person = LineUser.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = (
        LineLink.objects.select_for_update(of=("self",), no_key=True)
        .filter(account=locked)
        .exclude(state=LinkState.ENDED)
        .select_related("line_user")
        .first()
    )
    if before is not None and before.state in HOLDING:
        if before.line_user_id == person.pk and before.linked_by_id == by.pk:
            if refresh_token:
                before.refresh_token = refresh_token
                before.save(update_fields=["refresh_token"])
            return Established(before, is_new=False)
        if before.line_user_id != person.pk and before != replaces:
            raise StoppedError(Problem.OTHER_LINKED)
    _check_rate(locked, person)
    if before is not None:
        same = before.line_user_id == person.pk
        if same:
            # The consent at LINE stays valid, and ends with the new link.
            refresh_token = refresh_token or before.refresh_token
        _end(before, LinkEnd.LINKED_AGAIN if same else LinkEnd.REPLACED, by=by)
    link = LineLink.objects.create(
        account=locked,
        line_user=person,
        linked_by=by,
        way=way,
        state=state_of(person, linked_at=at),
        linked_at=at,
        refresh_token=refresh_token,
    )
    record(locked, "line.linked", by=by, line=person.name)
    LinkMail.objects.create(account=locked, kind=LinkMail.Kind.LINKED, line_name=person.name, by_name=by.name)
    if link.state == LinkState.LIVE:
        enqueue_welcome(link)
    return Established(link, is_new=True)


def _check_rate(account: SellerAccount, person: LineUser) -> None:
    """Raise StoppedError above LINKS_A_DAY, because each link uses up messages of the shared LINE quota."""
    lately = LineLink.objects.filter(linked_at__gt=timezone.now() - timedelta(days=1))
    if lately.filter(Q(account=account) | Q(line_user=person)).count() >= LINKS_A_DAY:
        raise StoppedError(Problem.TOO_OFTEN)


@transaction.atomic
def unlink(account: SellerAccount, *, by: User) -> LineLink | None:
    """End the account's link from the site and return it, or None; raises RuleViolationError for a secondary user."""
    locked = memberships.lock(account)
    memberships.require_primary(locked, by)
    return end(locked, LinkEnd.UNLINKED, by=by)


@transaction.atomic
def end(account: SellerAccount, reason: LinkEnd, *, by: User | None, only: LineLink | None = None) -> LineLink | None:
    """End and return the account's link; with `only`, just if it is that one. None when there is nothing to end."""
    memberships.lock(account)
    links = LineLink.objects.select_for_update(of=("self",), no_key=True).filter(account=account)
    if only is not None:
        links = links.filter(pk=only.pk)
    link = links.exclude(state=LinkState.ENDED).select_related("line_user", "account").first()
    if link is not None:
        _end(link, reason, by=by)
    return link


def _end(link: LineLink, reason: LinkEnd, *, by: User | None) -> None:
    now, person, account = timezone.now(), link.line_user, link.account
    sealed, could_hear = link.refresh_token, link.state != LinkState.BLOCKED and person.is_friend
    link.state, link.state_since, link.ended_at = LinkState.ENDED, now, now
    link.end_reason, link.refresh_token = reason, ""
    link.save(update_fields=["state", "state_since", "ended_at", "end_reason", "refresh_token"])
    cancel_deliveries(link, internal_reasons.LINK_ENDED)
    # An unsent welcome message would no longer be true.
    LineNotice.objects.filter(link=link).delete()
    if reason == LinkEnd.LINKED_AGAIN:
        return
    record(account, "line.ended", by=by, line=person.name, reason=reason.value)
    by_name = by.name if by else ""
    if could_hear:
        LineNotice.objects.create(
            kind=LineNotice.Kind.ENDED,
            line_user=person,
            shop=account.name,
            shop_language=account.language,
            by_name=by_name,
            reason=reason,
        )
    if reason in (LinkEnd.UNLINKED, LinkEnd.UNLINKED_IN_CHAT):
        LinkMail.objects.create(
            account=account,
            kind=LinkMail.Kind.ENDED,
            line_name=person.name,
            by_name=by_name or person.name,
        )
    if sealed:
        Deauthorization.objects.create(line_user_id=person.pk, refresh_token=sealed)
