"""Load the data of all notifications in a batch with one query."""

from collections.abc import Callable
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from pydantic_core import from_json

from ...channels.base import SendResult
from ..rendering import NotificationFacts

# The ids are one array parameter: hundreds of separate parameters cost more than reading the rows.
_FACTS = """
SELECT notification.id, type, data, account.name, account.time_zone, account.public_id,
       recall_id IS NOT NULL
FROM notifications_notification AS notification
JOIN accounts_selleraccount AS account ON account.id = notification.account_id
WHERE notification.id = ANY(%s)
"""


class CannotComposeError(Exception):
    """No message may or can be sent; carries the send result to record and its reason."""

    def __init__(self, detail: str, *, verdict: SendResult, cause: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.verdict = verdict
        self.cause = cause


def load_facts(notification_ids: set[UUID]) -> dict[UUID, NotificationFacts]:
    """Return the facts of those of these notifications that still exist, by id."""
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
    """Return a function from a view's one argument to its URL: `reverse` each time costs more than the whole mail."""
    before, _, after = reverse(view, args=[example]).partition(str(example))
    before = settings.SITE_URL + before
    return lambda argument: f"{before}{argument}{after}"
