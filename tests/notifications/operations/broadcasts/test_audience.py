"""Who is told, and how many they are."""

import pytest

from accounts.models import MarketplaceRegion, Plan, SellerAccount
from notifications.models import Broadcast
from notifications.operations.broadcasts.audience import Count, audience, count, read_list
from notifications.recipients import preferences
from notifications.recipients.preferences import PreferenceInput


@pytest.fixture
def europe(db):
    return SellerAccount.objects.create(
        name="Lumière", plan=Plan.PROFESSIONAL, language="en", region=MarketplaceRegion.EUROPE
    )


def names(broadcast: Broadcast) -> list[str]:
    return list(audience(broadcast).order_by("pk").values_list("name", flat=True))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["花子の器", "Mika Books", "Lumière"]),
        ({"plans": ["professional"]}, ["花子の器", "Lumière"]),
        ({"plans": ["individual", "professional"]}, ["花子の器", "Mika Books", "Lumière"]),
        ({"languages": ["en"]}, ["Mika Books", "Lumière"]),
        ({"regions": ["eu"]}, ["Lumière"]),
        ({"plans": ["professional"], "languages": ["ja"]}, ["花子の器"]),
        ({"plans": ["individual"], "regions": ["eu"]}, []),
    ],
)
def test_every_choice_narrows_it_down_and_an_empty_one_means_all(shop, other_shop, europe, draft, fields, expected):
    assert names(draft(**fields)) == expected


def test_a_list_is_narrowed_down_by_the_rest(shop, other_shop, europe, draft):
    listed = [shop.public_id, other_shop.public_id]

    assert names(draft(sellers=listed)) == ["花子の器", "Mika Books"]
    assert names(draft(sellers=listed, languages=["en"])) == ["Mika Books"]


def test_a_pasted_list_is_read_however_it_is_written(shop, other_shop):
    first, second = shop.public_id, other_shop.public_id
    wide = first.translate({ord("0") + n: ord("０") + n for n in range(10)})

    found = read_list(f" {wide.lower()}、{second}\r\n{first},  NOBODY\tnobody;ALSO-NOBODY ")

    assert found.known == [first, second]
    assert found.unknown == ["NOBODY", "ALSO-NOBODY"]


def test_an_empty_list_costs_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        found = read_list(" \n ")

    assert (found.known, found.unknown) == ([], [])


def test_the_count_says_who_will_not_hear_of_it(shop, hanako, other_shop, mika, draft):
    preferences.save(shop, {"business_update": PreferenceInput(email=False, addresses=())}, by=hanako)
    preferences.save(shop, {"coach_recommendations": PreferenceInput(email=False, addresses=())}, by=hanako)

    assert count(draft()) == Count(sellers=2, not_in_plan=0, email_off=1)
    assert count(draft("coach_recommendations")) == Count(sellers=2, not_in_plan=1, email_off=1)
    assert count(draft("emergency_notice")) == Count(sellers=2, not_in_plan=0, email_off=0)
    assert count(draft(languages=["en"])) == Count(sellers=1, not_in_plan=0, email_off=0)
