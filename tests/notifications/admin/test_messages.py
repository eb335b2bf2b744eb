"""Parked messages are read again by an operator who may, and it is written down what came of it."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import OperatorAction, User
from notifications.ingest.api_keys import add_source
from notifications.ingest.messages.replay import Replayed
from notifications.models import SourceMessage
from notifications.types.enums import Channel
from tests.conftest import make_operator

LIST = reverse("admin:notifications_sourcemessage_changelist")


@pytest.fixture
def parked(db: None) -> SourceMessage:
    source, _key = add_source("Selling Partner API")
    return SourceMessage.objects.create(
        source=source, message_id="1", way="http", state="parked", reason="unknown_seller", raw=b"{}"
    )


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Channel]:
    channels: list[Channel] = []
    monkeypatch.setattr("notifications.queue.enqueue.enqueue_deliveries", channels.append)
    return channels


def test_they_are_read_again_and_the_outcome_is_told(
    client: Client, omar: User, parked: SourceMessage, rung: list[Channel], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def replay(ids: list[object]) -> Replayed:
        asked.append(ids)
        return Replayed(read=1, ignored=2, parked=1, left=1)

    monkeypatch.setattr("notifications.admin.sources.messages.replay_dead_letters", replay)
    client.force_login(omar)

    answer = client.post(LIST, {"action": "read_again", "_selected_action": [str(parked.pk)]})

    assert asked == [[parked.pk]]
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "3 messages are read; 2 of them tell nothing for sellers.",
        "1 still cannot be read: its reason stands in the list.",
        "1 was left as it is: it is not parked, or its body is gone.",
    ]
    assert rung == [Channel.EMAIL, Channel.LINE]
    act = OperatorAction.objects.get()
    assert (act.act, act.operator, act.detail) == (
        "messages.replayed",
        omar,
        {"messages": 1, "read": 1, "parked": 1},
    )


def test_the_real_thing_leaves_what_still_cannot_be_read(
    client: Client, omar: User, parked: SourceMessage, rung: list[Channel]
) -> None:
    client.force_login(omar)

    client.post(LIST, {"action": "read_again", "_selected_action": [str(parked.pk)]})

    parked.refresh_from_db()
    assert (parked.state, rung) == ("parked", [])


def test_who_may_only_look_has_nothing_read(client: Client, parked: SourceMessage) -> None:
    before = SourceMessage.objects.values().get()
    olga = make_operator("olga@ok.test", "Olga")
    olga.user_permissions.set(Permission.objects.filter(codename="view_sourcemessage"))
    client.force_login(olga)

    client.post(LIST, {"action": "read_again", "_selected_action": [str(parked.pk)]})

    assert SourceMessage.objects.values().get() == before
    assert not OperatorAction.objects.exists()
