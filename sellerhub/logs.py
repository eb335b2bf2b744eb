"""What may stand in a log: ids, never addresses, bodies or tokens."""

import logging
import re

_SECRET_PATH = re.compile(r"(/(?:invitations|addresses/confirm|account/confirm-email|password/reset/key)/)[^/\s]+")
_ROW_CONTENT = re.compile(r"^(?:DETAIL|CONTEXT): .*$\n?", re.MULTILINE)


class DiscreetFormatter(logging.Formatter):
    """Leaves out the tokens of links, and the rows that PostgreSQL quotes when it refuses one."""

    def format(self, record: logging.LogRecord) -> str:
        return _ROW_CONTENT.sub("", _SECRET_PATH.sub(r"\1…", super().format(record)))
