"""What may stand in a log: ids, never addresses, bodies or tokens."""

import logging
import re

_SECRET_PATH = re.compile(
    r"((?:/|%2F)(?:invitations|addresses/confirm|unsubscribe|line(?:/|%2F)link|account/confirm-email|password/reset/key)(?:/|%2F))"
    r"[^/%\s&]+",
    re.IGNORECASE,
)
_SECRET_QUERY = re.compile(r"(/line/callback/)\?[^\s\"']*")
_ROW_CONTENT = re.compile(r"^(?:DETAIL|CONTEXT): .*$\n?", re.MULTILINE)


class DiscreetFormatter(logging.Formatter):
    """Leaves out the tokens of links, and the rows that PostgreSQL quotes when it refuses one."""

    def format(self, record: logging.LogRecord) -> str:
        text = _SECRET_QUERY.sub(r"\1?…", _SECRET_PATH.sub(r"\1…", super().format(record)))
        return _ROW_CONTENT.sub("", text)
