"""Command `notify`: send one event from the shell."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError

from notifications.ingest.api_keys import keyless_source
from notifications.ingest.pipeline import Accepted, Duplicate, Rejected, notify
from notifications.types.definitions import TYPES

SOURCE = "Command line"


class Command(BaseCommand):
    help = "Send one event to a seller account. Exits with 0 when it was accepted or came before, else with 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seller", required=True, metavar="ID", help="the seller ID, as the list of shops shows it"
        )
        parser.add_argument("--type", required=True, metavar="TYPE", choices=list(TYPES), help=", ".join(TYPES))
        parser.add_argument("--data", metavar="FILE", help="a JSON file with the type's fields; - reads them here")
        parser.add_argument("--id", metavar="KEY", help="the event's own id: the same one twice is told once")

    def handle(self, *, seller: str, type: str, data: str | None, id: str | None, **options: Any) -> None:
        result = notify(seller, type, event_id=id or str(uuid4()), data=_read(data), source=keyless_source(SOURCE))
        match result:
            case Accepted(notification_id):
                self.stdout.write(f"accepted {notification_id}")
            case Duplicate(notification_id):
                self.stdout.write(f"duplicate {notification_id}")
            case Rejected(field, message):
                raise CommandError(f"Refused: {field}: {message}")


def _read(name: str | None) -> dict[str, Any]:
    if name is None:
        return {}
    try:
        data = json.loads(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise CommandError(f"The data is not JSON in UTF-8: {error}.") from None
    if not isinstance(data, dict):
        raise CommandError("The data is not a JSON object.")
    return data
