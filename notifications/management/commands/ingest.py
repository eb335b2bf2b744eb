"""Command `ingest`: process files in a source's format, as the API endpoint of that format does."""

import mimetypes
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from accounts.models import SellerAccount
from notifications.ingest.api_keys import keyless_source
from notifications.ingest.formats.registry import FORMATS
from notifications.ingest.messages.intake import TooMuchError, receive
from notifications.ingest.messages.receipts import Receipt
from notifications.models import Source
from notifications.types.enums import SourceKind

WAY = "command"


class Command(BaseCommand):
    help = (
        "Take in files in the format of a source. One line for each message says what became of it, and why. Exits"
        " with 0 unless a file cannot be taken: parked messages can be read again when their cause is mended."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[kind.value for kind in FORMATS], help="which format it is")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--source",
            metavar="NAME",
            help="take them in as this source; else as the only active one of its kind, if there is just one",
        )
        parser.add_argument("--shop", metavar="ID", help="the seller ID of the shop whose own system sent them")
        parser.add_argument(
            "--seller", metavar="ID", help="to try: take sellers that nobody knows for this one, this time only"
        )

    @no_translations
    def handle(self, *, kind: str, files: list[Path], **options: Any) -> None:
        source = _source(SourceKind(kind), options["source"], _account(options["shop"]))
        stand_in = _account(options["seller"])
        failed = [path for path in files if not self._take_in(source, path, stand_in)]
        if failed:
            raise CommandError(f"{len(failed)} of {len(files)} files could not be taken.")

    def _take_in(self, source: Source, path: Path, stand_in: SellerAccount | None) -> bool:
        try:
            content_type = mimetypes.guess_type(path.name)[0] or ""
            receipts = receive(source, path.read_bytes(), way=WAY, content_type=content_type, stand_in=stand_in)
        except OSError as error:
            self.stderr.write(f"{path.name}: cannot be read: {error.strerror}")
            return False
        except TooMuchError as error:
            self.stderr.write(f"{path.name}: not taken: {error}")
            return False
        for receipt in receipts:
            self.stdout.write(f"{path.name}: {_line(receipt)}")
        return True


def _line(receipt: Receipt) -> str:
    kind = receipt.type or "no type"
    if receipt.told:
        return f"{kind}: {receipt.outcome} as {', '.join(receipt.told)}"
    why = f" ({receipt.reason}): {receipt.detail}" if receipt.reason else ""
    return f"{kind}: {receipt.outcome}{why}"


def _account(public_id: str | None) -> SellerAccount | None:
    if public_id is None:
        return None
    account = SellerAccount.objects.filter(public_id=public_id).first()
    if account is None:
        raise CommandError(f"There is no seller account {public_id}.")
    return account


def _source(kind: SourceKind, name: str | None, shop: SellerAccount | None) -> Source:
    if name is None:
        return _only_one(kind, shop) or _of_the_command_line(kind, shop)
    source = Source.objects.filter(name=name, kind=kind).first()
    if source is None:
        raise CommandError(f"There is no source named {name} that sends {kind}.")
    if shop is not None and source.account_id != shop.pk:
        raise CommandError(f"The source {name} is not that of the shop {shop.public_id}.")
    return source


def _only_one(kind: SourceKind, shop: SellerAccount | None) -> Source | None:
    """Return the only active source of this kind, if there is exactly one; its seller aliases then apply."""
    found = list(Source.objects.filter(kind=kind, account=shop, active=True)[:2])
    return found[0] if len(found) == 1 else None


def _of_the_command_line(kind: SourceKind, shop: SellerAccount | None) -> Source:
    of_shop = f", {shop.public_id}" if shop else ""
    return keyless_source(f"Command line ({kind}{of_shop})", kind=kind, account=shop)
