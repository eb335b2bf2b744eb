"""Command `preview_messages`: write the e-mail of every type in every language to files."""

from argparse import ArgumentParser
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications.delivery.rendering import NotificationFacts, render_email
from notifications.types.definitions import GROUPS
from notifications.types.payloads.samples import SAMPLES

_RECIPIENT = "hanako@example.jp"
_TOKEN = "preview"  # noqa: S105  (not a valid token)


class Command(BaseCommand):
    help = "Write the e-mail of every notification type in every language into a folder, with an index page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="Where to write; made if it is missing.")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            for code, _ in settings.LANGUAGES:
                (folder / code).mkdir(parents=True, exist_ok=True)
            lines = [line for group in GROUPS for kind in group for line in _write(folder, group.key, kind.key)]
            (folder / "index.html").write_text(_index(lines), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"Cannot write into {folder}: {error.strerror}.") from error
        self.stdout.write(f"{folder / 'index.html'} links {len(lines)} messages.")


def _write(folder: Path, group_key: str, type_key: str) -> list[str]:
    facts = NotificationFacts(
        type=type_key,
        data=SAMPLES[type_key],
        shop="花子の器",
        time_zone="Asia/Tokyo",
        page_url=f"{settings.SITE_URL}/notifications/preview/",
        options_url=f"{settings.SITE_URL}/settings/notifications/{group_key}/edit/",
        unsubscribe_url=f"{settings.SITE_URL}/unsubscribe/",
    )
    lines = []
    for code, name in settings.LANGUAGES:
        subject, text, html = render_email(facts, code).addressed_to(_RECIPIENT, token=_TOKEN)
        (folder / code / f"{type_key}.html").write_text(html, encoding="utf-8")
        (folder / code / f"{type_key}.txt").write_text(text, encoding="utf-8")
        links = f'<a href="{code}/{type_key}.html">HTML</a> · <a href="{code}/{type_key}.txt">text</a>'
        lines.append(f"<tr><td>{type_key}</td><td>{name}</td><td>{escape(subject)}</td><td>{links}</td></tr>")
    return lines


def _index(lines: list[str]) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Messages of SellerHub</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><h1>Messages of SellerHub</h1>'
        f'<table border="1" cellpadding="6">{"".join(lines)}</table></html>\n'
    )
