"""Deliveries that go to a mail server of the test, and what becomes of their addresses."""

from tests.notifications.delivery.conftest import mail_server, notification, queue, use_server

__all__ = ["mail_server", "notification", "queue", "use_server"]
