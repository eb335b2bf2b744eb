"""What every message of a batch is made of, read at once."""

from collections.abc import Callable
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from pydantic_core import from_json

from ...channels.base import SendResult
from ..rendering import NotificationFacts

# The ids as one value: to write hundreds of them into a statement one by one costs more than to read the rows.
_FACTS = """
SELECT notification.id, type, data, account.name, account.time_zone, account.public_id,
       recall_id IS NOT NULL
FROM notifications_notification AS notification
JOIN accounts_selleraccount AS account ON account.id = notification.account_id
WHERE notification.id = ANY(%s)
"""


class CannotComposeError(Exception):
    """There is no message to send."""

    def __init__(self, detail: str, *, verdict: SendResult, cause: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.verdict = verdict
        self.cause = cause


def load_facts(notification_ids: set[UUID]) -> dict[UUID, NotificationFacts]:
    """The facts of these notifications, as far as they still exist."""
    page_url, options_url = _url("notifications:open", UUID(int=0)), _url("notifications:options", "0")
    unsubscribe_url = _url("notifications:unsubscribe", "0")("")
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [list(notification_ids)])
        return {
            pk: NotificationFacts(
                type,
                from_json(data),
                shop,
                time_zone,
                page_url(pk),
                options_url(public_id),
                unsubscribe_url,
                is_recalled,
            )
            for pk, type, data, shop, time_zone, public_id, is_recalled in cursor
        }


@cache
def _url(view: str, example: UUID | str) -> Callable[[object], str]:
    """The address of a page by its one argument: resolving each would cost more than the rest of a mail."""
    before, _, after = reverse(view, args=[example]).partition(str(example))
    before = settings.SITE_URL + before
    return lambda argument: f"{before}{argument}{after}"
