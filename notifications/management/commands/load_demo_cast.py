"""Load the people and shops of the demo."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import SellerAccount
from notifications.management import demo_cast
from notifications.models import Source
from notifications.source_keys import add_source, issue_key, source_of

SOURCE = "Marketplace"


class Command(BaseCommand):
    help = "Load the demo's people and shops where they are missing, and write their sign-ins to a JSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json",
            required=True,
            type=Path,
            dest="path",
            metavar="PATH",
            help="where the sign-ins and the key for events go; a key that stands there already is kept",
        )

    def handle(self, *, path: Path, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("The demo cast has well-known passwords: it needs SELLERHUB_DEVELOPMENT=1.")
        with transaction.atomic():
            source, key = _source(_key_in(path))
            shops = demo_cast.load(source)
        _write(path, key, shops)
        self.stdout.write(f"The sign-ins are in {path}.")


def _source(known_key: str) -> tuple[Source, str]:
    """The demo's source with a key that opens the door: the known one, else a new one."""
    source = Source.objects.filter(name=SOURCE).first()
    if source is None:
        return add_source(SOURCE)
    if source_of(known_key) == source:
        return source, known_key
    return source, issue_key(source)


def _key_in(path: Path) -> str:
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["events_key"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _write(path: Path, key: str, shops: dict[str, SellerAccount]) -> None:
    users: dict[str, dict[str, str]] = {}
    for person in demo_cast.CAST:
        users[person.role] = {"email": person.email, "password": person.password}
        if person.totp_secret:
            users[person.role]["totp_secret"] = person.totp_secret
        if person.role in shops:
            users[person.role]["seller"] = shops[person.role].public_id
    new = path.with_name(f"{path.name}.new")
    new.touch(mode=0o600)
    new.write_text(json.dumps({"events_key": key, "users": users}, indent=2) + "\n", encoding="utf-8")
    new.replace(path)
