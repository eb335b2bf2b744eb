"""`manage.py line_setup`, and the operators' pages."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from notifications.channels.base import PauseRequest
from notifications.queue import channel_pause, enqueue
from notifications.types.enums import Channel, PauseReason

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("line_setup", *arguments, stdout=out)
    return out.getvalue()


def test_all_is_well(line):
    said = run()

    assert said.count("  ok      ") == 6
    assert "LINE is ready." in said


def test_it_sets_the_webhook(line, live_server):
    line.platform.webhook_url = "https://elsewhere.example/"

    run()

    assert line.platform.webhook_url == f"{live_server.url}/line/webhook/"


def test_only_checking_changes_nothing(line):
    line.platform.webhook_url = "https://elsewhere.example/"

    with pytest.raises(CommandError, match="Webhook address"):
        run("--check-only")

    assert line.platform.webhook_url == "https://elsewhere.example/"


def test_wrong_credentials_are_named(line, settings):
    from dataclasses import replace

    settings.LINE = replace(line.server, login_channel_secret="0" * 32)

    with pytest.raises(CommandError, match="Not well yet: Login token"):
        run()


def test_a_used_up_quota_is_named(line):
    line.fault(monthly_quota=10, consumed=10)

    with pytest.raises(CommandError, match="Quota"):
        run()


def test_without_line_it_says_what_to_set(settings):
    settings.LINE = None

    with pytest.raises(CommandError, match="LINE_CHANNEL_ID"):
        run()


def test_a_paused_channel_goes_on_when_all_is_well(line):
    channel_pause.begin(Channel.LINE, PauseRequest(PauseReason.UNAUTHORIZED, None, "no"))

    said = run()

    assert "sends again" in said
    assert channel_pause.current(Channel.LINE) is None


def test_an_operator_lets_it_go_on(line, omar, client, monkeypatch):
    rung = []
    monkeypatch.setattr(enqueue, "enqueue_deliveries", rung.append)
    channel_pause.begin(Channel.LINE, PauseRequest(PauseReason.UNAUTHORIZED, None, "no"))
    client.force_login(omar)
    page = reverse("admin:notifications_channelpause_changelist")

    client.post(page, {"action": "send_again", "_selected_action": ["line"]})

    assert channel_pause.current(Channel.LINE) is None
    assert rung == [Channel.LINE]


@pytest.mark.parametrize("name", ["linelink", "lineuser", "linkattempt", "lineevent", "channelpause"])
def test_the_lists_of_the_admin_open(line, linked, omar, client, name):
    channel_pause.begin(Channel.LINE, PauseRequest(PauseReason.QUOTA, None, "no"))
    client.force_login(omar)

    assert client.get(reverse(f"admin:notifications_{name}_changelist")).status_code == 200
