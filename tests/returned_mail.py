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

from notifications.channels.email.return_path import Left, ReturnPath

PROJECT = Path(__file__).resolve().parents[1]
DOMAIN = "bounce.hub.test"
LEFT = Left(UUID(int=7), datetime(2026, 11, 1, tzinfo=UTC))


def ours(left: Left = LEFT) -> str:
    return ReturnPath(DOMAIN, secret=settings.SECRET_KEY).address(left).decode()


class Command:
    """`manage.py receive_bounces` on a port of its own."""

    def __init__(self, database_url: str = "", *, port: int = 0) -> None:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "sellerhub.settings",
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
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as client:
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
        written, _ = self.process.communicate(timeout=30)
        return self.process.returncode, self.said + written


def _this_database() -> str:
    connection.ensure_connection()
    database = connection.connection.info
    return f"postgresql://{database.user}@/{database.dbname}?host={database.host}"
