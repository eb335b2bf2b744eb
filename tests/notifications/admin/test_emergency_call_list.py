"""The emergency call list: masked until asked for, written down whoever looks, harmless in a spreadsheet."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import MarketplaceRegion, OperatorAction, SellerAccount, User
from notifications.models import EmergencyContact
from notifications.operations import emergency_call_list
from notifications.recipients import emergency_phone
from tests.conftest import make_operator

CALLS, EXPORT = reverse("admin:emergency_calls"), reverse("admin:export_emergency_calls")


@pytest.fixture
def contacts(shop: SellerAccount, other_shop: SellerAccount) -> None:
    SellerAccount.objects.filter(pk=other_shop.pk).update(region=MarketplaceRegion.EUROPE)
    EmergencyContact.objects.create(account=shop, phone=emergency_phone.parse("090-1234-5678"))
    EmergencyContact.objects.create(account=other_shop, phone=emergency_phone.parse("+44 20 7946 0958"))


@pytest.fixture
def operator(client: Client, omar: User, contacts: None) -> Client:
    client.force_login(omar)
    return client


def uncover_url(account: SellerAccount) -> str:
    return reverse("admin:uncover_emergency_call", args=[account.pk])


def acts() -> list[tuple[str, int | None, dict[str, object]]]:
    return list(OperatorAction.objects.order_by("pk").values_list("act", "account", "detail"))


def shops(page: object) -> list[str]:
    return [line.account.name for line in page.context["found"].lines]  # type: ignore[attr-defined]


def test_numbers_are_masked_and_the_look_is_written_down(
    operator: Client, omar: User, shop: SellerAccount, other_shop: SellerAccount
) -> None:
    page = operator.get(CALLS)

    text = page.content.decode()
    assert ("***-****-5678" in text, "1234-5678" in text, "7946" in text) == (True, False, False)
    assert "no-store" in page["Cache-Control"]
    assert acts() == [
        ("calls.viewed", None, {"region": "", "searched": False, "page": 1, "accounts": [other_shop.pk, shop.pk]})
    ]
    assert OperatorAction.objects.get().operator == omar


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"region": "jp"}, ["花子の器"]),
        ({"region": "eu"}, ["Mika Books"]),
        ({"region": "na"}, []),
        ({"region": "nowhere"}, ["Mika Books", "花子の器"]),
        ({"q": "books"}, ["Mika Books"]),
        ({"q": "\x00"}, ["Mika Books", "花子の器"]),
        ({"q": "器", "region": "eu"}, []),
        ({"page": "2"}, []),
        ({"page": "-1"}, ["Mika Books", "花子の器"]),
    ],
)
def test_it_is_searched_by_region_and_shop(operator: Client, asked: dict[str, str], found: list[str]) -> None:
    assert shops(operator.get(CALLS, asked)) == found


def test_a_seller_id_finds_its_shop(operator: Client, shop: SellerAccount) -> None:
    assert shops(operator.get(CALLS, {"q": shop.public_id.lower()})) == ["花子の器"]


def test_one_number_is_uncovered_at_a_time(operator: Client, shop: SellerAccount) -> None:
    page = operator.post(uncover_url(shop), {"region": "", "q": "", "page": "1"})

    text = page.content.decode()
    assert ("090-1234-5678" in text, "7946" in text) == (True, False)
    assert "no-store" in page["Cache-Control"]
    assert acts() == [("calls.uncovered", shop.pk, {})]


def test_a_number_is_not_uncovered_by_a_link(operator: Client, shop: SellerAccount) -> None:
    assert operator.get(uncover_url(shop)).status_code == 405
    assert acts() == []


def test_what_the_search_does_not_find_is_not_uncovered(operator: Client, shop: SellerAccount) -> None:
    refused = operator.post(uncover_url(shop), {"region": "eu"})

    assert refused.status_code == 404
    assert acts() == []


def test_the_export_is_readable_in_excel_and_calculates_nothing(
    operator: Client, shop: SellerAccount, other_shop: SellerAccount
) -> None:
    SellerAccount.objects.filter(pk=shop.pk).update(name="=HYPERLINK(1)")

    answer = operator.post(EXPORT, {"region": "", "q": ""})

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Disposition"].startswith('attachment; filename="emergency-calls-')
    assert "no-store" in answer["Cache-Control"]
    _head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert [(row[0], row[1], row[4]) for row in rows] == [
        (other_shop.public_id, "Mika Books", "(+44) 20 7946 0958"),
        (shop.public_id, "'=HYPERLINK(1)", "090-1234-5678"),
    ]
    assert acts() == [("calls.exported", None, {"region": "", "searched": False, "page": 1, "count": 2})]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＠x"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert emergency_call_list._harmless(cell) == f"'{cell}"


def test_the_export_is_bounded(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emergency_call_list, "MAX_EXPORTED", 1)

    answer = operator.post(EXPORT, {})

    assert len(answer.content.decode().splitlines()) == 2


@pytest.mark.parametrize(
    ("permission", "statuses"),
    [("view_emergencycontact", (403, 403, 403)), ("read_emergency_calls", (200, 200, 403))],
)
def test_each_step_needs_its_own_permission(
    client: Client, contacts: None, shop: SellerAccount, permission: str, statuses: tuple[int, int, int]
) -> None:
    olga = make_operator("olga@ok.test", "Olga")
    olga.user_permissions.set(Permission.objects.filter(codename=permission))
    client.force_login(olga)

    looked, uncovered, exported = client.get(CALLS), client.post(uncover_url(shop)), client.post(EXPORT)

    assert (looked.status_code, uncovered.status_code, exported.status_code) == statuses
    assert len(acts()) == sum(status == 200 for status in statuses)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    client: Client, omar: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        account = SellerAccount.objects.create(name=f"S{number}")
        EmergencyContact.objects.create(account=account, phone=emergency_phone.parse("090-1234-5678"))
    client.force_login(omar)
    client.get(CALLS)

    with django_assert_num_queries(4):
        page = client.get(CALLS)

    assert len(shops(page)) == count
