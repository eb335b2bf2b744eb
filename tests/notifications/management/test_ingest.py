"""`manage.py ingest`: files, as their door would take them."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.models import Notification, SellerAlias, Source, SourceMessage
from notifications.types.enums import SourceKind
from tests.notifications.ingest.formats.spapi.partner import SAMPLES, sample


def ingest(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("ingest", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def path(name: str) -> str:
    return str(SAMPLES / f"{name}.json")


def test_each_message_has_its_line(shop: SellerAccount, hanako: User, tmp_path: Path) -> None:
    queue = tmp_path / "queue.json"
    queue.write_text(json.dumps({"Messages": [{"Body": json.dumps(sample("feed_finished"))}, {"Body": "x"}]}))

    lines = ingest("spapi", "--seller", shop.public_id, path("order_change"), path("fee_promotion"), str(queue))

    assert lines == [
        "order_change.json: ORDER_CHANGE: accepted as order_confirmed",
        "fee_promotion.json: FEE_PROMOTION: ignored (not_for_sellers): FEE_PROMOTION is not for sellers.",
        "queue.json: FEED_PROCESSING_FINISHED: accepted as technical_notice",
        "queue.json: no type: parked (unreadable): It is not JSON in UTF-8.",
    ]
    assert set(SourceMessage.objects.values_list("way", "source__name", "source__active")) == {
        ("command", "Command line (spapi)", False)
    }


def test_a_seller_whom_nobody_knows_is_parked(shop: SellerAccount, hanako: User) -> None:
    (line,) = ingest("spapi", path("order_change"))

    assert line.startswith("order_change.json: ORDER_CHANGE: parked (unknown_seller): Nobody here is seller")
    assert Notification.objects.count() == 0


def test_a_shop_that_stands_in_is_recorded_nowhere(shop: SellerAccount, hanako: User) -> None:
    ingest("spapi", "--seller", shop.public_id, path("order_change"))

    (line,) = ingest("spapi", path("feed_finished"))

    assert "parked (unknown_seller)" in line
    assert SellerAlias.objects.count() == 0


def test_the_only_source_of_its_kind_is_meant(shop: SellerAccount, hanako: User) -> None:
    source, _key = add_source("Partner", kind=SourceKind.SELLING_PARTNER)

    ingest("spapi", path("order_change"))

    assert SourceMessage.objects.get().source == source


def test_of_several_sources_one_is_named(shop: SellerAccount, hanako: User) -> None:
    named, _key = add_source("One", kind=SourceKind.SELLING_PARTNER)
    add_source("Two", kind=SourceKind.SELLING_PARTNER)

    ingest("spapi", path("order_change"))
    ingest("spapi", "--source", "One", path("order_change"))

    assert list(SourceMessage.objects.order_by("pk").values_list("source__name", flat=True)) == [
        "Command line (spapi)",
        named.name,
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--source", "Nobody"], "There is no source named Nobody that sends spapi."),
        (["--source", "Events"], "There is no source named Events that sends spapi."),
        (["--seller", "NOSUCHSELLER22"], "There is no seller account NOSUCHSELLER22."),
        (["--shop", "NOSUCHSELLER22"], "There is no seller account NOSUCHSELLER22."),
    ],
)
def test_what_does_not_exist_is_said(db: None, arguments: list[str], sentence: str) -> None:
    add_source("Events")

    with pytest.raises(CommandError, match=f"^{sentence}$"):
        ingest("spapi", *arguments, path("order_change"))

    assert SourceMessage.objects.count() == 0


def test_a_source_of_another_shop_is_not_taken(shop: SellerAccount, other_shop: SellerAccount) -> None:
    Source.objects.create(name="Theirs", kind=SourceKind.SELLING_PARTNER, account=other_shop)

    with pytest.raises(CommandError, match="is not that of the shop"):
        ingest("spapi", "--source", "Theirs", "--shop", shop.public_id, path("order_change"))


def test_a_file_that_cannot_be_read_does_not_stop_the_others(shop: SellerAccount, hanako: User) -> None:
    with pytest.raises(CommandError, match=r"^1 of 2 files could not be taken\.$"):
        ingest("spapi", "--seller", shop.public_id, "/nowhere.json", path("order_change"))

    assert Notification.objects.count() == 1
