"""SellerHub itself, as the Procfile runs it: web workers, Celery workers and beat."""

import contextlib
import sys
import time
from collections.abc import Iterator, Mapping, Sequence

from django.db import connection

from notifications.models import Delivery
from notifications.types.enums import DeliveryStatus

from . import places
from .processes import BenchError, Program, run
from .sink import HOST, free_port, wait_for_port
from .site import LEAST_MAILS_PER_SECOND, LOOK_SECONDS, READY_SECONDS, Site, gunicorn


def prepare() -> None:
    """Translations, static files and tables, as `make demo` prepares them."""
    python, log = sys.executable, places.log("prepare")
    run([python, "-m", "devtools.scripts.translations", "compile"], log=log)
    run([python, "manage.py", "collectstatic", "--noinput"], log=log)
    run([python, "manage.py", "migrate", "--noinput"], log=log)


@contextlib.contextmanager
def running(*, smtp_port: int, workers: int, more: Mapping[str, str] | None = None) -> Iterator[Site]:
    """The site and so many processes that send, none with `workers=0`; `more` holds further settings."""
    port = free_port()
    env = {
        "SITE_URL": f"http://{HOST}:{port}",
        "EMAIL_URL": f"smtp://{HOST}:{smtp_port}",
        "DEFAULT_FROM_EMAIL": "SellerHub <no-reply@sellerhub.example>",
        "LOG_LEVEL": "WARNING",
        **(more or {}),
    }
    celery = [sys.executable, "-m", "celery", "-A", "sellerhub"]
    with contextlib.ExitStack() as stack:

        def start(name: str, command: Sequence[str]) -> Program:
            return stack.enter_context(Program(command, log=places.log(name), env=env))

        programs = [start("web", gunicorn("sellerhub.wsgi", port))]
        if workers:
            programs.append(start("worker", [*celery, "worker", "-c", str(workers), "-l", "WARNING"]))
            schedule = str(places.VAR / "celerybeat-schedule")
            programs.append(start("beat", [*celery, "beat", "-l", "WARNING", "-s", schedule, "--pidfile="]))
        site = Site(port, tuple(programs))
        wait_for_port(port, programs[0])
        if workers:
            _wait_for_worker(site)
        yield site


def mails_sent() -> int:
    return Delivery.objects.filter(status=DeliveryStatus.SENT).count()


def wait_until_settled(site: Site, *, mails: int, since: int) -> None:
    """Wait for the outcome of every delivery in the database; raises unless all were sent."""
    deadline = time.monotonic() + READY_SECONDS + mails / LEAST_MAILS_PER_SECOND
    while _is_queued():
        site.check()
        if time.monotonic() > deadline:
            raise BenchError(f"Mails are left unsent. See {places.log('worker')}.")
        time.sleep(LOOK_SECONDS)
    sent = mails_sent() - since
    if sent != mails:
        raise BenchError(f"{sent} mails were sent instead of {mails}.")


def _is_queued() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM notifications_delivery WHERE status = %s)", [DeliveryStatus.QUEUED])
        return bool(cursor.fetchone()[0])


def _wait_for_worker(site: Site) -> None:
    from sellerhub.celery import app  # slow import, and only after the environment is set

    deadline = time.monotonic() + READY_SECONDS
    while not app.control.ping(timeout=1, limit=1):
        site.check()
        if time.monotonic() > deadline:
            raise BenchError(f"The worker does not answer. See {places.log('worker')}.")
