"""Events and sources from the shell."""

import io
import json
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import SellerAccount, User
from notifications.ingest.api_keys import source_of
from notifications.models import Notification, Source
from notifications.types.payloads.samples import SAMPLES


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def claim(tmp_path: Path) -> str:
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(SAMPLES["claim_opened"]), encoding="utf-8")
    return str(path)


def test_an_event_is_told_once(shop: SellerAccount, hanako: User, claim: str) -> None:
    arguments = ["notify", "--seller", shop.public_id, "--type", "claim_opened", "--data", claim, "--id", "a"]

    answers = [run(*arguments), run(*arguments)]

    row = Notification.objects.get()
    assert answers == [f"accepted {row.pk}", f"duplicate {row.pk}"]
    assert (row.event_id, row.source.name, row.source.active) == ("a", "Command line", False)


def test_data_comes_from_standard_input(shop: SellerAccount, hanako: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(SAMPLES["listing_closed"])))

    run("notify", "--seller", shop.public_id, "--type", "listing_closed", "--data", "-")

    assert Notification.objects.get().data == SAMPLES["listing_closed"]


def test_a_refusal_names_the_field(shop: SellerAccount, claim: str) -> None:
    with pytest.raises(CommandError, match=r"^Refused: data\.sku: This field is required\.$") as refusal:
        run("notify", "--seller", shop.public_id, "--type", "listing_closed")

    assert refusal.value.returncode == 1
    assert Notification.objects.count() == 0


def test_an_unknown_seller_is_refused(db: None, claim: str) -> None:
    with pytest.raises(CommandError, match=r"^Refused: seller: There is no seller account with this id\.$"):
        run("notify", "--seller", "NOSUCHSELLER22", "--type", "claim_opened", "--data", claim)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "The data is not JSON in UTF-8"),
        (b"\xff", "The data is not JSON in UTF-8"),
        (b"[" * 100_000, "The data is not JSON in UTF-8"),
        (b"[]", "The data is not a JSON object."),
    ],
)
def test_bad_data_is_explained(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=sentence):
        run("notify", "--seller", "X", "--type", "listing_closed", "--data", str(path))


def test_a_missing_file_is_explained() -> None:
    with pytest.raises(CommandError, match=r"^/nowhere\.json cannot be read: No such file or directory\.$"):
        run("notify", "--seller", "X", "--type", "listing_closed", "--data", "/nowhere.json")


def test_a_source_is_added_and_its_key_shown_once(db: None) -> None:
    key = run("add_source", "Order management")

    with pytest.raises(CommandError, match=r"^There is a source named Order management already\.$"):
        run("add_source", "Order management")

    assert source_of(key) == Source.objects.get(name="Order management")


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\nb"])
def test_a_source_needs_a_proper_name(db: None, name: str) -> None:
    with pytest.raises(CommandError, match="1 to 80 printable characters"):
        run("add_source", name)

    assert Source.objects.count() == 0
