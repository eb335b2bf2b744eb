"""Save the outcomes of a batch of source messages in one statement."""

from collections.abc import Sequence

from django.db import connection
from pydantic_core import to_json

from notifications.models import SourceMessage

_WRITE = """
UPDATE notifications_sourcemessage AS message
SET account_id = fate.account_id, state = fate.state, reason = fate.reason, detail = fate.detail,
    accepted = fate.accepted, repeated = fate.repeated, refused = fate.refused, tries = fate.tries,
    completed_at = fate.completed_at
FROM json_to_recordset(%s) AS fate (
    id uuid, account_id bigint, state text, reason text, detail text,
    accepted integer, repeated integer, refused integer, tries smallint, completed_at timestamptz)
WHERE message.id = fate.id
"""
_FIELDS = (
    *("id", "account_id", "state", "reason", "detail"),
    *("accepted", "repeated", "refused", "tries", "completed_at"),
)


def write(messages: Sequence[SourceMessage]) -> None:
    """Save state, reason, counts and attempts of these messages."""
    if messages:
        fates = [{name: getattr(message, name) for name in _FIELDS} for message in messages]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [to_json(fates).decode()])
