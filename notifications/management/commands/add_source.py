"""Command `add_source`: create a source of events and print its key."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications.ingest.api_keys import OWN_NAMES, add_source
from notifications.models import Source

MAX_NAME_LENGTH = 80


class Command(BaseCommand):
    help = "Add a source of events and print its key. The key is shown this once; only its hash is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what operators call the system, such as 'Order management'")

    def handle(self, *, name: str, **options: Any) -> None:
        name = name.strip()
        if not 1 <= len(name) <= MAX_NAME_LENGTH or not name.isprintable():
            raise CommandError(f"Give the source a name of 1 to {MAX_NAME_LENGTH} printable characters.")
        if name in OWN_NAMES:
            raise CommandError("SellerHub itself uses this name. Choose another one.")
        if Source.objects.filter(name=name).exists():
            raise CommandError(f"There is a source named {name} already.")
        _source, key = add_source(name)
        self.stdout.write(key)
