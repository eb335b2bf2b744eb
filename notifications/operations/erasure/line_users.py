"""Erase a person's LINE accounts, links and events."""

from collections.abc import Collection
from typing import NamedTuple

from accounts.models import User

from ...models import LineEvent, LineLink, LineUser, LinkAttempt
from ...recipients import line_account
from ...recipients.line_account.attempts.steps import enqueue_deauthorization
from ...types.enums import LinkEnd, LinkState


class OnLine(NamedTuple):
    """The LINE accounts of one person, except those that another person has linked, too."""

    ids: list[str]
    names: list[str]


def line_accounts_of(user: User) -> OnLine:
    links = LineLink.objects.filter(linked_by=user).values_list("line_user", flat=True)
    attempts = LinkAttempt.objects.filter(user=user).exclude(line_user=None).values_list("line_user", flat=True)
    of_others = LineLink.objects.exclude(linked_by=user).exclude(linked_by=None).values("line_user")
    mine = LineUser.objects.filter(pk__in={*links, *attempts}).exclude(pk__in=of_others).order_by("pk")
    return OnLine(ids=[one.pk for one in mine], names=[one.name for one in mine if one.name])


def end_consents(user: User) -> None:
    """End active links and enqueue the deauthorization at LINE of every consent, also of unfinished attempts."""
    for link in LineLink.objects.filter(linked_by=user).exclude(state=LinkState.ENDED).select_related("account"):
        line_account.end(link.account, LinkEnd.CLOSED, by=None, only=link)
    attempts = LinkAttempt.objects.filter(user=user).exclude(refresh_token="")
    for attempt in attempts:
        enqueue_deauthorization(attempt)
    attempts.update(refresh_token="")


def erase_line_accounts(ids: Collection[str], *, user: User) -> None:
    """Delete the rows; must run in a transaction, after the links have ended."""
    LineLink.objects.filter(linked_by=user).delete()
    LineLink.objects.filter(line_user__in=ids).delete()
    LineEvent.objects.filter(user_id__in=ids).delete()
    LineUser.objects.filter(pk__in=ids).delete()
