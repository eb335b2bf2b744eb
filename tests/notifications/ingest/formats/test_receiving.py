"""What every foreign message goes through, whatever its format."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection

from accounts.models import SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.ingest.formats.registry import FORMATS
from notifications.ingest.messages import processing
from notifications.ingest.messages.intake import TooMuchError, receive
from notifications.ingest.messages.receipts import Receipt
from notifications.models import KnownListing, Notification, Source, SourceMessage
from notifications.types.enums import MessageState, ParkReason, SourceKind
from tests.waiting import LIMIT_SECONDS

from .plain import PlainFormat


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch, shop: SellerAccount, hanako: User) -> Source:
    monkeypatch.setitem(FORMATS, SourceKind.SELLING_PARTNER, PlainFormat())
    return add_source("Plain", kind=SourceKind.SELLING_PARTNER)[0]


def send(source: Source, *lines: str) -> list[Receipt]:
    return receive(source, "\n".join(lines).encode(), way="http", content_type="text/plain")


def outcomes(receipts: list[Receipt]) -> list[tuple[str, str]]:
    return [(one.outcome.value, one.reason) for one in receipts]


def remembered() -> list[str]:
    return list(KnownListing.objects.order_by("sku").values_list("sku", flat=True))


def test_each_part_is_kept_with_what_became_of_it(plain: Source, shop: SellerAccount) -> None:
    receipts = send(plain, "a tell", "b ignore", "c park")

    assert outcomes(receipts) == [
        ("accepted", ""),
        ("ignored", ParkReason.NOT_FOR_SELLERS),
        ("parked", ParkReason.UNKNOWN_SHAPE),
    ]
    assert receipts[0].told == ("listing_created", "listing_created")
    rows = SourceMessage.objects.order_by("pk")
    assert [(row.message_id, row.type, row.state, bytes(row.raw), row.account) for row in rows] == [
        ("a", "tell", MessageState.READ, b"a tell", shop),
        ("b", "ignore", MessageState.IGNORED, b"b ignore", shop),
        ("c", "park", MessageState.PARKED, b"c park", None),
    ]
    assert [(row.accepted, row.repeated, row.refused, row.tries) for row in rows] == [
        (2, 0, 0, 1),
        (0, 0, 0, 1),
        (0, 0, 0, 1),
    ]
    assert {(row.way, row.content_type) for row in rows} == {("http", "text/plain")}


def test_a_message_that_came_before_changes_nothing(plain: Source) -> None:
    send(plain, "a tell", "b park")
    before = list(SourceMessage.objects.order_by("pk").values())

    receipts = send(plain, "a tell", "b tell", "a park")

    assert outcomes(receipts) == [("repeated", "")] * 3
    assert list(SourceMessage.objects.order_by("pk").values()) == before
    assert Notification.objects.count() == 2


def test_within_one_body_the_first_counts(plain: Source) -> None:
    assert outcomes(send(plain, "a ignore", "a tell")) == [("ignored", "not_for_sellers"), ("repeated", "")]


def test_sources_do_not_share_their_messages(plain: Source) -> None:
    other = Source.objects.create(name="Other", kind=SourceKind.SELLING_PARTNER)

    assert [outcomes(send(one, "a ignore"))[0][0] for one in (plain, other)] == ["ignored", "ignored"]


@pytest.mark.parametrize(
    ("verb", "reason"),
    [
        ("park", ParkReason.UNKNOWN_SHAPE),
        ("wrong", ParkReason.REFUSED),
        ("break", ParkReason.FAILED),
        ("spoil", ParkReason.FAILED),
    ],
)
def test_a_bad_part_is_parked_forgets_what_it_remembered_and_sinks_nothing(
    plain: Source, verb: str, reason: ParkReason
) -> None:
    receipts = send(plain, "a tell", f"b {verb}", "c tell")

    assert outcomes(receipts) == [("accepted", ""), ("parked", reason), ("accepted", "")]
    assert remembered() == ["a", "c"]
    assert list(Notification.objects.order_by("event_id").values_list("event_id", flat=True)) == [
        "a-good",
        "a-key",
        "c-good",
        "c-key",
    ]


def test_a_refusal_names_the_type_and_the_field(plain: Source, shop: SellerAccount) -> None:
    (receipt,) = send(plain, "a wrong")

    assert receipt.detail == "listing_created: data.sku: This field is required."
    assert (plain.messages.get().refused, plain.messages.get().account) == (1, shop)


def test_details_are_short_and_can_be_shown(plain: Source) -> None:
    (receipt,) = send(plain, "a park")

    assert len(receipt.detail) == 500
    assert receipt.detail.isprintable()


def test_a_fault_of_our_own_is_logged_without_the_message(plain: Source, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        send(plain, "secret break")

    assert "RuntimeError at " in caplog.text
    assert "plain.py:" in caplog.text
    assert "secret" not in caplog.text


def test_a_body_that_cannot_be_taken_apart_is_parked_whole(plain: Source) -> None:
    first, again = send(plain, "!?"), send(plain, "!?")

    assert outcomes(first) == [("parked", ParkReason.UNREADABLE)]
    assert outcomes(again) == [("repeated", "")]
    row = plain.messages.get()
    assert (bytes(row.raw), row.detail, row.type) == (b"!?", "It begins with a !.", "")


def test_when_the_batch_cannot_be_told_together_each_is_told_alone(
    plain: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Source, events: list[Any]) -> list[Any]:
        if any(event.key == "b-key" for event in events):
            raise DatabaseError("no")
        return together(source, events)

    together = processing.notify_many
    monkeypatch.setattr(processing, "notify_many", refuse)

    receipts = send(plain, "a tell", "b tell", "c tell")

    assert outcomes(receipts) == [("accepted", ""), ("parked", ParkReason.FAILED), ("accepted", "")]
    assert remembered() == ["a", "c"]


def test_without_a_database_nothing_is_kept_and_the_sender_hears_of_it(
    plain: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(processing, "notify_many", away)

    with pytest.raises(OperationalError):
        send(plain, "a tell")

    assert SourceMessage.objects.count() == 0


def test_too_large_a_body_is_not_kept(plain: Source, settings: Any) -> None:
    settings.EVENTS_BODY_BYTES = 10

    with pytest.raises(TooMuchError, match=r"The body is larger than 10 bytes\."):
        send(plain, "a tell", "b tell")

    assert SourceMessage.objects.count() == 0


def test_too_many_parts_are_not_kept(plain: Source) -> None:
    with pytest.raises(TooMuchError, match=r"A body may hold 1000 messages at the most\."):
        send(plain, *[f"{number} ignore" for number in range(1001)])

    assert SourceMessage.objects.count() == 0


def test_a_thousand_parts_are_taken(plain: Source) -> None:
    receipts = send(plain, *[f"{number} ignore" for number in range(1000)])

    assert set(outcomes(receipts)) == {("ignored", "not_for_sellers")}
    assert [one.message_id for one in receipts] == [str(number) for number in range(1000)]


def test_all_of_a_chunk_is_told_in_one_batch(plain: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = []
    together = processing.notify_many
    monkeypatch.setattr(
        processing, "notify_many", lambda source, events: batches.append(len(events)) or together(source, events)
    )

    send(plain, *[f"{number} tell" for number in range(60)])

    assert batches == [100, 20]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("reverse", [False, True])
def test_the_same_messages_at_the_same_moment_are_told_once(
    plain: Source, monkeypatch: pytest.MonkeyPatch, reverse: bool
) -> None:
    lines = [f"m{number:02} tell" for number in range(40)]
    gate = threading.Barrier(4)

    def run(thread: int) -> list[Receipt]:
        try:
            gate.wait(timeout=LIMIT_SECONDS)
            return send(plain, *(lines[::-1] if reverse and thread % 2 else lines))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(run, range(4)))

    flat = [receipt.outcome.value for receipts in answers for receipt in receipts]
    assert (flat.count("accepted"), flat.count("repeated")) == (40, 120)
    assert Notification.objects.count() == 80
