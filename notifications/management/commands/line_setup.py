"""Command `line_setup`: check the LINE channels, and set the webhook URL."""

from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from ... import line_bot
from ...channels.line.client import MessagingClient
from ...channels.line.config import LineServer, configured
from ...channels.line.http import LineError
from ...channels.line.tokens import issue
from ...queue import channel_pause
from ...types.enums import Channel


class Command(BaseCommand):
    help = (
        "Check what LINE needs: tokens of both channels, the official account, the webhook (set and tested), the"
        " quota. Says in words what is missing, and lets a paused channel send again when all is well."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check-only", action="store_true", help="change nothing at LINE: leave the webhook as it is"
        )

    def handle(self, *, check_only: bool, **options: Any) -> None:
        if settings.LINE is None:
            raise CommandError(
                "LINE is not set up. Set LINE_CHANNEL_ID, LINE_CHANNEL_SECRET, LINE_LOGIN_CHANNEL_ID,"
                " LINE_LOGIN_CHANNEL_SECRET and LINE_FRIEND_URL; docs/line.md says where to find them."
            )
        server = configured()
        client = MessagingClient(server)
        url = settings.SITE_URL + reverse("notifications:line_webhook")
        checks: list[tuple[str, Callable[[], str]]] = [
            ("Messaging token", partial(_token, server, server.channel_id, server.channel_secret)),
            ("Login token", partial(_token, server, server.login_channel_id, server.login_channel_secret)),
            ("Official account", lambda: _account(client)),
            ("Webhook address", lambda: _webhook(client, url, change=not check_only)),
            ("Webhook test", lambda: _test(client, url)),
            ("Quota", lambda: _quota(client)),
        ]
        failed = [name for name, check in checks if not self._run(name, check)]
        self.stdout.write(
            "To check by hand in the LINE Developers console: both channels stand under one provider, LINE Login"
            " names the official account as its linked bot, and its callback URL is"
            f" {settings.SITE_URL}{reverse('notifications:line_callback')}"
        )
        client.close()
        if failed:
            raise CommandError(f"Not well yet: {', '.join(failed)}.")
        if channel_pause.current(Channel.LINE) and line_bot.try_paused_channel():
            self.stdout.write("LINE was paused and sends again.")
        self.stdout.write(self.style.SUCCESS("LINE is ready."))

    def _run(self, name: str, check: Callable[[], str]) -> bool:
        try:
            self.stdout.write(f"  ok      {name}: {check()}")
        except LineError as error:
            self.stdout.write(self.style.ERROR(f"  FAILED  {name}: {error}"))
            return False
        return True


def _token(server: LineServer, channel_id: str, secret: str, /) -> str:
    try:
        _value, lifetime = issue(server, channel_id=channel_id, secret=secret)
    except LineError as error:
        raise LineError(f"LINE issues no token for channel {channel_id}: check its ID and secret ({error})") from None
    return f"channel {channel_id}, valid for {lifetime / 60:.0f} minutes"


def _account(client: MessagingClient) -> str:
    said = client.bot_info()
    if said.get("chatMode") == "chat":
        raise LineError("The response mode is “Chat”: set it to “Bot” in the LINE Official Account Manager")
    return f"{said.get('displayName')} ({said.get('basicId')})"


def _webhook(client: MessagingClient, url: str, *, change: bool) -> str:
    found, active = client.webhook_endpoint()
    if found != url and change:
        client.set_webhook_endpoint(url)
        found, active = client.webhook_endpoint()
    if found != url:
        raise LineError(f"LINE sends events to {found or 'nowhere'} instead of {url}")
    if not active:
        raise LineError("“Use webhook” is off. Switch it on in the LINE Developers console, Messaging API tab")
    return url


def _test(client: MessagingClient, url: str) -> str:
    success, words = client.test_webhook_endpoint(url)
    if not success:
        raise LineError(f"LINE sent a test to {url} and got: {words}")
    return f"LINE got {words}"


def _quota(client: MessagingClient) -> str:
    limit, used = client.quota()
    if limit is None:
        return f"{used:,} messages this month, without a limit"
    if used >= limit:
        raise LineError(f"{used:,} of {limit:,} messages of this month are used: nothing more can be sent")
    return f"{used:,} of {limit:,} messages this month"
