"""Draft, released, confirmed, withdrawn, stopped: each step from where it begins, by whom it may be."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import OperatorAction
from accounts.rule_violation import RuleViolationError
from notifications.models import Broadcast
from notifications.operations.broadcasts import drafts, transitions
from notifications.types.enums import BroadcastState

STEPS = {
    "release": lambda broadcast, by: transitions.release(broadcast, by=by, seen=broadcast.changed_at),
    "confirm": lambda broadcast, by: transitions.confirm(broadcast, by=by, seen=broadcast.changed_at),
    "withdraw": lambda broadcast, by: transitions.withdraw(broadcast, by=by),
    "stop": lambda broadcast, by: transitions.stop(broadcast, by=by),
    "resume": lambda broadcast, by: transitions.resume(broadcast, by=by),
}
ALLOWED = {
    ("draft", "release"): "waiting",
    ("waiting", "confirm"): "scheduled",
    ("waiting", "withdraw"): "draft",
    ("scheduled", "withdraw"): "draft",
    ("sending", "stop"): "stopped",
    ("stopped", "resume"): "sending",
}


def acts() -> list[tuple[str, object]]:
    return list(OperatorAction.objects.order_by("pk").values_list("act", "operator__name"))


def row(broadcast: Broadcast) -> dict[str, object]:
    return Broadcast.objects.filter(pk=broadcast.pk).values().get()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", BroadcastState.values)
def test_each_step_begins_where_it_may_and_nowhere_else(shop, draft, omar, olivia, state, step):
    now = timezone.now()
    approved = {} if state in ("draft", "waiting") else {"approved_by": olivia, "approved_at": now}
    released = {} if state == "draft" else {"submitted_by": omar, "submitted_at": now}
    broadcast = draft("emergency_notice", state=state, **approved, **released)
    before, expected = row(broadcast), ALLOWED.get((state, step))

    if expected is None:
        with pytest.raises(RuleViolationError):
            STEPS[step](broadcast, olivia)
        assert (row(broadcast), acts()) == (before, [])
    else:
        STEPS[step](broadcast, olivia)
        assert broadcast.state == row(broadcast)["state"] == expected
        assert len(acts()) == 1


def test_an_emergency_waits_for_another_person(shop, draft, omar, olivia):
    broadcast = draft("emergency_notice")
    transitions.release(broadcast, by=omar, seen=broadcast.changed_at)
    waiting = row(broadcast)

    looked_earlier = Broadcast.objects.get()
    looked_earlier.submitted_by = olivia  # as it stood before Omar released it anew

    with override("en"), pytest.raises(RuleViolationError, match=r"Somebody else must confirm it\."):
        transitions.confirm(broadcast, by=omar, seen=broadcast.changed_at)
    with override("en"), pytest.raises(RuleViolationError, match="Somebody was faster"):
        transitions.confirm(looked_earlier, by=omar, seen=broadcast.changed_at)
    unchanged = row(broadcast)
    transitions.confirm(broadcast, by=olivia, seen=broadcast.changed_at)

    assert waiting["state"] == "waiting"
    assert waiting["due_at"] is None
    assert unchanged == waiting
    assert (broadcast.state, broadcast.submitted_by, broadcast.approved_by) == ("scheduled", omar, olivia)
    assert acts() == [("broadcast.released", "Omar Haddad"), ("broadcast.confirmed", "Olivia Berg")]


def test_the_database_itself_wants_two_operators(shop, draft, omar, olivia):
    waiting = {"state": "waiting", "submitted_by": omar}
    broadcast = draft("emergency_notice", **waiting)

    for values in ({"state": "scheduled"}, {"approved_by": omar, "approved_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Broadcast.objects.filter(pk=broadcast.pk).update(**values)

    assert row(broadcast)["state"] == "waiting"


def test_a_business_update_needs_nobody_else(shop, draft, omar):
    broadcast = draft()

    transitions.release(broadcast, by=omar, seen=broadcast.changed_at)

    assert broadcast.state == "scheduled"
    assert broadcast.due_at <= timezone.now()


@pytest.mark.parametrize("hours", [-1, 3])
def test_it_begins_at_its_time_and_at_once_when_that_is_over(shop, draft, omar, hours):
    at = timezone.now() + timedelta(hours=hours)
    broadcast = draft(scheduled_for=at)

    transitions.release(broadcast, by=omar, seen=broadcast.changed_at)

    assert (broadcast.due_at == at) is (hours > 0)
    assert broadcast.due_at >= at


def test_nobody_releases_words_that_they_did_not_read(shop, draft, omar):
    broadcast = draft()
    looked_earlier = Broadcast.objects.get()
    seen = broadcast.changed_at
    broadcast.title_en = "Something else"
    drafts.save(broadcast, by=omar)
    before = row(broadcast)

    for mine in (broadcast, looked_earlier):
        with pytest.raises(RuleViolationError):
            transitions.release(mine, by=omar, seen=seen)

    assert row(broadcast) == before


def test_nobody_confirms_words_that_were_changed_behind_their_back(shop, draft, omar, olivia):
    broadcast = draft("emergency_notice")
    transitions.release(broadcast, by=omar, seen=broadcast.changed_at)
    read = broadcast.changed_at
    transitions.withdraw(broadcast, by=omar)
    broadcast.title_en = "Something else"
    drafts.save(broadcast, by=omar)
    transitions.release(broadcast, by=omar, seen=broadcast.changed_at)
    before = row(broadcast)

    for mine in (broadcast, Broadcast(pk=broadcast.pk, changed_at=read)):
        with pytest.raises(RuleViolationError):
            transitions.confirm(mine, by=olivia, seen=read)

    assert row(broadcast) == before


@pytest.mark.parametrize("fields", [{"languages": ["en"]}, {"region_ja": "関東地方"}])
def test_without_anybody_to_tell_or_with_a_fault_it_stays_a_draft(shop, draft, omar, fields):
    broadcast = draft(**fields)

    with pytest.raises(RuleViolationError):
        transitions.release(broadcast, by=omar, seen=broadcast.changed_at)

    assert row(broadcast)["state"] == "draft"
    assert acts() == []


def test_after_the_release_its_words_stay(shop, draft, omar):
    broadcast = draft()
    mine = Broadcast.objects.get(pk=broadcast.pk)
    transitions.release(broadcast, by=omar, seen=broadcast.changed_at)
    before = row(broadcast)
    mine.title_en = "Something else"

    with pytest.raises(RuleViolationError):
        drafts.save(mine, by=omar)

    assert row(broadcast) == before


def test_a_withdrawn_emergency_needs_both_again(shop, released, omar, olivia):
    broadcast = released("emergency_notice", scheduled_for=timezone.now() + timedelta(days=1))

    transitions.withdraw(broadcast, by=olivia)

    assert (broadcast.submitted_by, broadcast.approved_by, broadcast.due_at) == (None, None, None)
    transitions.release(broadcast, by=olivia, seen=broadcast.changed_at)
    with pytest.raises(RuleViolationError):
        transitions.confirm(broadcast, by=olivia, seen=broadcast.changed_at)
