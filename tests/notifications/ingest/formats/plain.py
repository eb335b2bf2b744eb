"""A format for tests: a line is a message, and says itself what its reader shall do."""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from accounts.models import SellerAccount
from notifications.ingest.formats.base import DeadLetterError, ParsedPart, Part
from notifications.ingest.pipeline import Event
from notifications.models import KnownListing, Source
from notifications.types.enums import ParkReason


class PlainFormat:
    """`id verb`: tell, wrong, ignore, park, break, spoil. First of all it remembers a listing of that SKU."""

    def split(self, body: bytes, content_type: str) -> list[Part]:
        if body.startswith(b"!"):
            raise DeadLetterError(ParkReason.UNREADABLE, "It begins with a !.")
        lines = body.decode().splitlines()
        return [Part(line.split()[0], line.split()[1], line.encode()) for line in lines]

    def read(self, source: Source, part: Part, *, now: datetime, stand_in: SellerAccount | None = None) -> ParsedPart:
        account = SellerAccount.objects.get(name="花子の器")
        key, verb = part.raw.decode().split()
        KnownListing.objects.get_or_create(account=account, sku=key)
        data = {"sku": key}
        match verb:
            case "ignore":
                return ParsedPart(account, ignored="It says to ignore it.")
            case "park":
                raise DeadLetterError(ParkReason.UNKNOWN_SHAPE, f"It says to park it.\x00{'x' * 600}")
            case "break":
                raise RuntimeError(part.raw)
            case "spoil":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1 / 0")
            case "wrong":
                data = {"colour": "red"}
        at = timezone.now()
        good = Event(f"{key}-good", account.public_id, "listing_created", at, {"sku": key})
        return ParsedPart(account, (good, Event(f"{key}-key", account.public_id, "listing_created", at, data)))
