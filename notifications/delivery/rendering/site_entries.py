"""Render notifications for the site's inbox, in the language of the page."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from accounts.models import SellerAccount
from notifications.models import Notification, Recall
from notifications.types.content import WORDING, MessageContent, RecipientContext, Row, language
from notifications.types.definitions import GROUP_OF, TYPES
from notifications.types.payloads import PayloadError, read
from notifications.types.payloads.base import BilingualProse

ICONS = {
    "orders": "box",
    "returns": "return",
    "listings": "tag",
    "reports": "chart",
    "coach": "bulb",
    "account": "megaphone",
    "health": "heart",
    "emergency": "siren",
}
"""Icon names by group of the type catalogue."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A notification as one line of the inbox, or the heading of its page."""

    id: UUID
    headline: str
    title: str
    group: str
    icon: str
    required: bool
    read: bool
    occurred_at: datetime
    story: MessageContent | None
    """None when the stored data no longer fits its type."""
    recalled_at: datetime | None = None
    """When it was recalled."""
    correction: str = ""
    """The operator's correction of a recalled notification."""

    def rows(self) -> Iterator[tuple[Row, list[tuple[str, str]]]]:
        """Yield the rows of the content's table, each with pairs of column header and value."""
        if self.story and self.story.table:
            headers, rows = self.story.table
            for row in rows:
                yield row, list(zip(headers[1:], row.values, strict=True))


def entries(
    notifications: Iterable[Notification], account: SellerAccount, *, unread: Container[UUID] = ()
) -> list[Entry]:
    """Return an entry for each notification whose type is known, in the active language; `unread`: their ids."""
    reader = RecipientContext(shop=account.name, zone=ZoneInfo(account.time_zone), language=language(get_language()))
    shown = [notification for notification in notifications if notification.type in TYPES]
    recalls = _recalls(shown)
    return [_entry(notification, reader, unread, recalls) for notification in shown]


def _recalls(notifications: Iterable[Notification]) -> Mapping[UUID, Recall]:
    """Return the recalls of these notifications by id; no query when there are none, as is usual."""
    wanted = {one.recall_id for one in notifications if one.recall_id is not None}
    return Recall.objects.in_bulk(wanted) if wanted else {}


def _entry(
    notification: Notification, reader: RecipientContext, unread: Container[UUID], recalls: Mapping[UUID, Recall]
) -> Entry:
    kind, group = TYPES[notification.type], GROUP_OF[notification.type]
    try:
        story = WORDING[kind.key](read(kind.key, notification.data), reader)
    except PayloadError:
        story = None
    recall = recalls.get(notification.recall_id) if notification.recall_id else None
    return Entry(
        id=notification.pk,
        headline=story.headline if story else str(kind.title),
        title=str(kind.title),
        group=group.key,
        icon=ICONS[group.key],
        required=kind.required,
        read=notification.pk not in unread,
        occurred_at=notification.occurred_at,
        story=story,
        recalled_at=recall.at if recall else None,
        correction=_correction(recall, reader) if recall else "",
    )


def _correction(recall: Recall, reader: RecipientContext) -> str:
    return reader.own(BilingualProse.model_construct(ja=recall.correction_ja, en=recall.correction_en))
