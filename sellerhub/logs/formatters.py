"""Log formatters for text and JSON; both remove personal data and secrets."""

import logging
from datetime import UTC, datetime
from typing import Any

from celery import current_task
from pythonjsonlogger.json import JsonFormatter as PythonJsonFormatter

from ..request_ids import current_request_id, id_of
from .discretion import discreet, told, without_quotes

LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
FIELDS = frozenset({"delivery_id", "notification_id", "address_id", "account_id", "message_id", "status_code"})
"""The `extra` fields that are logged; others could hold a whole request."""


class DiscreetFormatter(logging.Formatter):
    """One line for each record, followed by its exception."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have set it
        return discreet(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        if record.exc_info:
            record.message = without_quotes(record.message)  # Celery repeats the exception in the message
        return super().formatMessage(record)

    def formatException(self, exc_info: Any) -> str:  # noqa: N802
        return told(exc_info[1])


class JsonFormatter(PythonJsonFormatter):
    """One JSON object for each record."""

    def __init__(self) -> None:
        super().__init__(json_ensure_ascii=False)

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Add only fields without personal data."""
        message = record.getMessage()
        log_data |= {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": discreet(without_quotes(message) if record.exc_info else message),
            "process": record.process,
        }
        # Django logs a 4xx response after the request has ended, but passes the request to the log.
        if request_id := current_request_id() or id_of(record.__dict__.get("request")):
            log_data["request_id"] = request_id
        if current_task and current_task.request.id:
            log_data |= {"task": current_task.name, "task_id": current_task.request.id}
        log_data |= {name: discreet(str(record.__dict__[name])) for name in FIELDS & record.__dict__.keys()}
        if record.exc_info and record.exc_info[1] is not None:
            log_data["exception"] = discreet(told(record.exc_info[1]))
