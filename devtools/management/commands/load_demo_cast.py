"""Load the people and shops of the demo."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import SellerAccount
from devtools import demo_cast
from notifications.ingest.api_keys import add_source, issue_key, source_of
from notifications.models import Source
from notifications.types.enums import SourceKind

SOURCE = "Marketplace"
SELLING_PARTNER = "Selling Partner API"
CART = "花子の器のカート"


class Command(BaseCommand):
    help = "Load the demo's people and shops where they are missing, and write their sign-ins to a JSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json",
            required=True,
            type=Path,
            dest="path",
            metavar="PATH",
            help="where the sign-ins and the keys of the sources go; keys that stand there already are kept",
        )

    def handle(self, *, path: Path, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("The demo cast has well-known passwords: it needs SELLERHUB_DEVELOPMENT=1.")
        known = _keys_in(path)
        with transaction.atomic():
            source, events_key = _source(SOURCE, known.get("events_key", ""))
            shops = demo_cast.load(source)
            hanakos = shops[demo_cast.HANAKO.role]
            partner, spapi_key = _source(SELLING_PARTNER, known.get("spapi_key", ""), kind=SourceKind.SELLING_PARTNER)
            demo_cast.name_at(partner, hanakos)
            _cart, cart_key = _source(CART, known.get("cart_key", ""), kind=SourceKind.CART, account=hanakos)
        _write(path, {"events_key": events_key, "spapi_key": spapi_key, "cart_key": cart_key}, shops)
        self.stdout.write(f"The sign-ins are in {path}.")


def _source(
    name: str, known_key: str, *, kind: SourceKind = SourceKind.EVENTS, account: SellerAccount | None = None
) -> tuple[Source, str]:
    """A source of the demo with a key that opens its door: the known one, else a new one."""
    source = Source.objects.filter(name=name).first()
    if source is None:
        return add_source(name, kind=kind, account=account)
    if source_of(known_key) == source:
        return source, known_key
    return source, issue_key(source)


def _keys_in(path: Path) -> dict[str, str]:
    try:
        cast = json.loads(path.read_text(encoding="utf-8"))
        return {name: str(value) for name, value in cast.items() if name.endswith("_key")}
    except (OSError, ValueError, AttributeError):
        return {}


def _write(path: Path, keys: dict[str, str], shops: dict[str, SellerAccount]) -> None:
    users: dict[str, dict[str, str]] = {}
    for person in demo_cast.CAST:
        users[person.role] = {"email": person.email, "password": person.password}
        if person.totp_secret:
            users[person.role]["totp_secret"] = person.totp_secret
        if person.role in shops:
            users[person.role]["seller"] = shops[person.role].public_id
    new = path.with_name(f"{path.name}.new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(keys | {"users": users}, indent=2) + "\n", encoding="utf-8")
    new.replace(path)
