"""The demo cast: complete after one run, untouched by the next."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.forms.models import model_to_dict
from pytest_django.fixtures import Settings

from accounts.auth import mfa
from accounts.models import Membership, SellerAccount, User
from accounts.roles import Role
from notifications.ingest.api_keys import source_of
from notifications.models import Address, Delivery, Notification, Preference, SellerAlias, Source
from notifications.types.enums import AddressState, SourceKind

pytestmark = pytest.mark.django_db


def load(path: Path) -> dict[str, Any]:
    call_command("load_demo_cast", "--json", str(path))
    return json.loads(path.read_text(encoding="utf-8"))


def everything() -> list[dict[str, Any]]:
    models = (User, SellerAccount, Membership, Address, Preference, Notification, Delivery, Source, SellerAlias)
    return [model_to_dict(row) for model in models for row in model.objects.order_by("pk")]


def test_everybody_can_sign_in(tmp_path: Path) -> None:
    cast = load(tmp_path / "cast.json")

    assert list(cast["users"]) == ["primary", "secondary", "other_shop", "operator", "second_operator"]
    for one in cast["users"].values():
        assert authenticate(None, email=one["email"], password=one["password"]) == User.objects.get(email=one["email"])
    assert User.objects.get(email="omar@ok.test").is_superuser is True
    assert mfa.is_on(User.objects.get(email="omar@ok.test")) is True
    assert [role for role, one in cast["users"].items() if "totp_secret" in one] == ["operator", "second_operator"]
    staff = User.objects.filter(is_staff=True).order_by("email")
    assert list(staff.values_list("email", "is_superuser", "groups__name")) == [
        ("omar@ok.test", True, None),
        ("rin@ok.test", False, "messenger"),
    ]


def test_shops_and_their_people(tmp_path: Path) -> None:
    users = load(tmp_path / "cast.json")["users"]

    members = Membership.objects.values_list("account__public_id", "user__email", "role")
    assert set(members) == {
        (users["primary"]["seller"], "hanako@ok.test", Role.PRIMARY),
        (users["secondary"]["seller"], "taro@ok.test", Role.SECONDARY),
        (users["other_shop"]["seller"], "mika@ok.test", Role.PRIMARY),
    }
    assert users["primary"]["seller"] == users["secondary"]["seller"]
    assert "seller" not in users["operator"]
    assert list(SellerAccount.objects.order_by("name").values_list("name", "plan", "language")) == [
        ("Mika Books", "individual", "en"),
        ("花子の器", "professional", "ja"),
    ]


def test_the_past_waits_for_nobody(tmp_path: Path) -> None:
    load(tmp_path / "cast.json")

    assert list(Delivery.objects.values_list("status", flat=True).distinct()) == ["sent"]
    assert Address.objects.exclude(state=AddressState.ACTIVE).count() == 0
    assert Address.objects.exclude(confirmation_due_at=None).count() == 0
    assert Notification.objects.filter(account__name="Mika Books").count() == 3


def test_a_second_run_keeps_everything(tmp_path: Path) -> None:
    first = load(tmp_path / "cast.json")
    User.objects.filter(email="hanako@ok.test").update(name="花子")
    Preference.objects.filter(type="business_update").delete()
    before = everything()

    second = load(tmp_path / "cast.json")

    assert (second, everything()) == (first, before)


@pytest.mark.parametrize("content", [None, "{", "[]", '{"events_key": "shk_wrong"}'])
def test_a_lost_key_is_replaced(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "cast.json"
    load(path)
    path.unlink()
    if content is not None:
        path.write_text(content)

    cast = load(path)

    assert source_of(cast["events_key"]) == Source.objects.get(name="Marketplace")
    assert source_of(cast["spapi_key"]) == Source.objects.get(name="Selling Partner API")
    assert source_of(cast["cart_key"]) == Source.objects.get(name="花子の器のカート")


def test_hanakos_shop_is_the_one_of_the_examples(tmp_path: Path) -> None:
    cast = load(tmp_path / "cast.json")

    source = source_of(cast["spapi_key"])
    assert source is not None
    assert source.kind == SourceKind.SELLING_PARTNER
    assert set(source.aliases.values_list("account__name", flat=True)) == {"花子の器"}
    assert source.aliases.filter(value="A3TH9S8BH6GOGM").count() == 1


def test_hanakos_cart_may_send_orders(tmp_path: Path) -> None:
    cast = load(tmp_path / "cast.json")

    cart = source_of(cast["cart_key"])
    assert cart is not None
    assert cart.kind == SourceKind.CART
    assert cart.account == SellerAccount.objects.get(name="花子の器")


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    load(tmp_path / "cast.json")

    assert (tmp_path / "cast.json").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["cast.json"]


def test_production_has_no_well_known_passwords(tmp_path: Path, settings: Settings) -> None:
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError, match="SELLERHUB_DEVELOPMENT=1"):
        load(tmp_path / "cast.json")

    assert User.objects.count() == 0
