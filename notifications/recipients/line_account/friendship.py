"""Record whether a LINE user is our friend or has blocked us, and update the state of their links.

LINE's webhook events arrive late, twice and in any order. So only the newest time of each kind is stored, and a
link's state is derived from these times: the order of arrival does not matter.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.activity.member_log import record
from notifications.channels import internal_reasons
from notifications.models import Delivery, LineLink, LineNotice, LineUser, LinkMail
from notifications.types.enums import DeliveryStatus, LinkState

_CUT_OFF = (LinkState.BLOCKED, LinkState.UNBLOCKED)


def state_of(person: LineUser, *, linked_at: datetime) -> LinkState:
    """Return a link's state, from the stored times alone. A user who blocked us after linking must link again."""
    if person.unfollowed_at is not None and person.unfollowed_at > linked_at:
        return LinkState.UNBLOCKED if person.is_friend else LinkState.BLOCKED
    return LinkState.LIVE if person.is_friend else LinkState.WAITING


def hear(person: LineUser, what: str, at: datetime) -> bool:
    """Set the field `what` to `at` if that is later; returns whether it was. Does not save."""
    known: datetime | None = getattr(person, what)
    if known is not None and at <= known:
        return False
    setattr(person, what, at)
    return True


def befriended(user_id: str, *, at: datetime) -> LineUser:
    """Record that the user added us as a friend, or did what only a friend can do."""
    return _note(user_id, "followed_at", at)


def blocked(user_id: str, *, at: datetime) -> LineUser:
    """Record that the user blocked or unfriended us."""
    return _note(user_id, "unfollowed_at", at)


@transaction.atomic
def _note(user_id: str, what: str, at: datetime) -> LineUser:
    LineUser.objects.get_or_create(user_id=user_id)
    person = LineUser.objects.select_for_update(no_key=True).get(pk=user_id)
    if hear(person, what, at):
        person.save(update_fields=[what])
    settle(person)
    return person


def settle(person: LineUser) -> None:
    """Update the state of the user's links from the stored times. Call it with the user's row locked."""
    links = person.links.exclude(state=LinkState.ENDED).select_related("account").order_by("pk")
    # Lock the links only: code that makes or ends a link locks the seller account first.
    for link in links.select_for_update(of=("self",), no_key=True):
        state = state_of(person, linked_at=link.linked_at)
        if state != link.state:
            _move(link, state, person)


def _move(link: LineLink, state: LinkState, person: LineUser) -> None:
    before = link.state
    link.state, link.state_since = state, timezone.now()
    link.save(update_fields=["state", "state_since"])
    if state in _CUT_OFF and before not in _CUT_OFF:
        cancel_deliveries(link, internal_reasons.LINK_BLOCKED)
        record(link.account, "line.blocked", by=None, line=person.name)
        LinkMail.objects.create(account=link.account, kind=LinkMail.Kind.BLOCKED, line_name=person.name)
    if state == LinkState.LIVE:
        enqueue_welcome(link)


def enqueue_welcome(link: LineLink) -> None:
    """Enqueue the LINE message that confirms the link."""
    LineNotice.objects.create(
        kind=LineNotice.Kind.LINKED,
        line_user_id=link.line_user_id,
        link=link,
        shop=link.account.name,
        shop_language=link.account.language,
    )


def cancel_deliveries(link: LineLink, why: str) -> int:
    """Cancel the link's queued deliveries; returns how many. A worker checks the ones that it has claimed."""
    queued = Delivery.objects.filter(link=link, status=DeliveryStatus.QUEUED, lease=None)
    return queued.update(status=DeliveryStatus.CANCELLED, completed_at=timezone.now(), answer=why)
