"""`manage.py receive_bounces` as a process, and mail for it."""

import os
import signal
import smtplib
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from notifications.channels.email.return_path import AttemptRef, ReturnPath
from tests.waiting import LIMIT_SECONDS

PROJECT = Path(__file__).resolve().parents[1]
DOMAIN = "bounce.hub.test"
LEFT = AttemptRef(UUID(int=7), datetime(2026, 11, 1, tzinfo=UTC))


def ours(left: AttemptRef = LEFT) -> str:
    return ReturnPath(DOMAIN, secret=settings.SECRET_KEY).address(left).decode()


class Command:
    """`manage.py receive_bounces` on a port of its own."""

    def __init__(self, database_url: str = "", *, port: int = 0) -> None:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "devtools.settings",
            "BOUNCE_DOMAIN": DOMAIN,
            "DATABASE_URL": database_url or _this_database(),
            "BROKER_URL": "redis://127.0.0.1:9/0",  # nobody is there: the sweep would find the mail
            "CACHE_URL": "redis://127.0.0.1:9/1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "receive_bounces", "--listen", f"127.0.0.1:{port}"],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        self.port = int(self.said.partition(f"{DOMAIN} at 127.0.0.1:")[2].split()[0])

    def send(self, raw: bytes, to: str = "") -> int:
        """The code of the last answer."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=LIMIT_SECONDS) as client:
            client.ehlo("mx.ok.test")
            client.mail("")
            code, _ = client.rcpt(to or ours())
            return client.data(raw)[0] if code == 250 else code

    def kill(self) -> None:
        """As when the machine dies."""
        self.process.kill()
        self.process.communicate()

    def end(self) -> tuple[int, str]:
        """Its exit code, and all that it wrote."""
        self.process.send_signal(signal.SIGTERM)
        written, _ = self.process.communicate(timeout=LIMIT_SECONDS)
        return self.process.returncode, self.said + written


def _this_database() -> str:
    connection.ensure_connection()
    database = connection.connection.info
    return f"postgresql://{database.user}@/{database.dbname}?host={database.host}"


DSN = b"""\
From: MAILER-DAEMON@mx.ok.test\r
To: bounce@hub.test\r
Subject: Undelivered Mail Returned to Sender\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
Your mail could not be delivered.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.ok.test\r
\r
Final-Recipient: rfc822; %(recipient)s\r
Action: %(action)s\r
Status: %(status)s\r
Diagnostic-Code: smtp; %(said)s\r
\r
--b--\r
"""


def dsn(
    recipient: bytes = b"hanako@ok.test",
    *,
    action: bytes = b"failed",
    status: bytes = b"5.1.1",
    said: bytes = b"550 5.1.1 No such user",
) -> bytes:
    return DSN % {b"recipient": recipient, b"action": action, b"status": status, b"said": said}
