"""Command `receive_bounces`: receive bounces over SMTP or LMTP until SIGTERM or Ctrl-C."""

import asyncio
import re
import signal
import socket
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from ... import address_health
from ...channels.email.bounce_server import Listener
from ...channels.email.return_path import AttemptRef
from ...channels.registry import return_path
from ...queue import enqueue

BACKLOG = 256
_PLACE = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<host>[^\[\]:]+)):(?P<port>\d{1,5})")


class Place(NamedTuple):
    """The address on which to listen."""

    host: str
    port: int


class Command(BaseCommand):
    help = (
        "Take the mail that comes back to BOUNCE_DOMAIN, over SMTP or LMTP, until SIGTERM or Ctrl-C. Only return"
        " paths that SellerHub wrote are taken. docs/operations.md says how a mail server hands it over."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--listen", type=_place, metavar="HOST:PORT", help="port 0 takes any free one")
        where.add_argument("--fd", type=int, help="a listening socket that was handed over, instead of a port")
        parser.add_argument("--lmtp", action="store_true", help="speak LMTP instead of SMTP")

    def handle(self, *, listen: Place | None, fd: int | None, lmtp: bool, **options: Any) -> None:
        paths = return_path()
        if paths is None:
            raise CommandError("Set BOUNCE_DOMAIN to the domain that mail comes back to, such as bounce.example.jp.")
        listener = _open(listen, fd)
        host, port = listener.getsockname()[:2]
        protocol = "LMTP" if lmtp else "SMTP"
        self.stdout.write(f"Taking mail to {paths.domain} at {host}:{port} over {protocol}.")
        self.stdout.flush()

        async def serve() -> None:
            door = Listener(paths, keep=_keep, ring=enqueue.enqueue_returned_mail, lmtp=lmtp)
            loop = asyncio.get_running_loop()
            for signum in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(signum, door.stop)
            await door.serve(listener)

        asyncio.run(serve())


def _place(text: str) -> Place:
    found = _PLACE.fullmatch(text)
    if found is None or int(found["port"]) > 65535:
        raise ArgumentTypeError(f"{text!r} is no HOST:PORT, such as 127.0.0.1:2526 or [::1]:2526.")
    return Place(found["six"] or found["host"], int(found["port"]))


def _open(listen: Place | None, fd: int | None) -> socket.socket:
    try:
        if listen is None:
            return socket.socket(fileno=fd)
        family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
        return socket.create_server(listen, family=family, backlog=BACKLOG)
    except OSError as error:
        # create_server appends its own text to the system's message.
        reason = (error.strerror or "").partition(" (while")[0]
        raise CommandError(f"It cannot listen there: {reason}.") from None


def _keep(left: AttemptRef, raw: bytes) -> bool:
    close_old_connections()  # replaces a connection that was lost
    try:
        return address_health.store_returned(left, raw)
    finally:
        close_old_connections()
