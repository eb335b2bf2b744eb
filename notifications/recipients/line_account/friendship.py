"""Whether a LINE user hears us, and what that means for their links.

LINE's news come late, twice and in any order. So of each kind only the newest moment is kept, and the state of a
link is derived from these moments: the order in which they came cannot matter.
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
    """A link's state, from the moments alone. Pure. Whoever blocked us after linking must link again."""
    if person.unfollowed_at is not None and person.unfollowed_at > linked_at:
        return LinkState.UNBLOCKED if person.is_friend else LinkState.BLOCKED
    return LinkState.LIVE if person.is_friend else LinkState.WAITING


def hear(person: LineUser, what: str, at: datetime) -> bool:
    """Keep the moment where it is the newest of its kind; says whether it is. Pure."""
    known: datetime | None = getattr(person, what)
    if known is not None and at <= known:
        return False
    setattr(person, what, at)
    return True


def befriended(user_id: str, *, at: datetime) -> LineUser:
    """The person added us, or did what only a friend can."""
    return _note(user_id, "followed_at", at)


def blocked(user_id: str, *, at: datetime) -> LineUser:
    """The person blocked us or left."""
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
    """Bring the person's links to the state that the moments mean. To be called with the person's row locked."""
    links = person.links.exclude(state=LinkState.ENDED).select_related("account").order_by("pk")
    # The links alone: whoever ends or makes one holds the shop first.
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
    """One message that it is linked, as soon as it can arrive."""
    LineNotice.objects.create(
        kind=LineNotice.Kind.LINKED,
        line_user_id=link.line_user_id,
        link=link,
        shop=link.account.name,
        shop_language=link.account.language,
    )


def cancel_deliveries(link: LineLink, why: str) -> int:
    """Take back what is queued; what a worker has in hand it looks at once more itself."""
    queued = Delivery.objects.filter(link=link, status=DeliveryStatus.QUEUED, lease=None)
    return queued.update(status=DeliveryStatus.CANCELLED, completed_at=timezone.now(), answer=why)
