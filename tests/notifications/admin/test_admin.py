"""Operators look at what was told; lists stay quick."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.admin.lists import ShortCountPaginator
from accounts.models import SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.ingest.pipeline import Event, notify_many
from notifications.models import Attempt, Delivery, Notification, SkippedRoute, Source, SourceKey
from notifications.types.payloads.samples import SAMPLES

MODELS = ("source", "notification", "delivery", "skippedroute", "attempt")


@pytest.fixture
def source(db: None) -> Source:
    return add_source("Marketplace")[0]


@pytest.fixture
def operator(client: Client, omar: User) -> Client:
    client.force_login(omar)
    return client


def tell(source: Source, shop: SellerAccount, count: int) -> None:
    """Notifications with a delivery, an attempt and a decision each."""
    data = SAMPLES["account_at_risk"]
    notify_many(
        source,
        [Event(f"risk-{one}", shop.public_id, "account_at_risk", timezone.now(), data) for one in range(count)],
    )
    for delivery in Delivery.objects.all():
        Attempt.objects.create(delivery=delivery, code=451, detail="4.3.2 Try again later")


def rows(client: Client, model: str, search: str = "") -> list[object]:
    page = client.get(reverse(f"admin:notifications_{model}_changelist"), {"q": search})
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_whatever_its_length(
    operator: Client,
    source: Source,
    shop: SellerAccount,
    hanako: User,
    model: str,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    tell(source, shop, count)
    rows(operator, model)

    with django_assert_num_queries(4):
        found = rows(operator, model)

    assert len(found) == (1 if model == "source" else count)


@pytest.mark.parametrize("model", MODELS)
def test_each_row_has_a_page_that_changes_nothing(
    operator: Client, source: Source, shop: SellerAccount, hanako: User, model: str
) -> None:
    tell(source, shop, 1)
    row = {
        "source": Source,
        "notification": Notification,
        "delivery": Delivery,
        "skippedroute": SkippedRoute,
        "attempt": Attempt,
    }[model].objects.get()

    page = operator.get(reverse(f"admin:notifications_{model}_change", args=[row.pk]))
    adding = operator.get(reverse(f"admin:notifications_{model}_add"))
    deleting = operator.post(reverse(f"admin:notifications_{model}_delete", args=[row.pk]), {"post": "yes"})

    adding_is_open = 200 if model == "source" else 403
    assert (page.status_code, adding.status_code, deleting.status_code) == (200, adding_is_open, 403)
    assert page.context["has_change_permission"] is (model == "source")


def test_a_notification_is_found_by_whole_ids(
    operator: Client, source: Source, shop: SellerAccount, hanako: User, other_shop: SellerAccount
) -> None:
    tell(source, shop, 2)
    first = Notification.objects.get(event_id="risk-0")

    assert rows(operator, "notification", str(first.pk)) == [first]
    assert rows(operator, "notification", "risk-0") == [first]
    assert len(rows(operator, "notification", shop.public_id.lower())) == 2
    assert rows(operator, "notification", other_shop.public_id) == []
    assert rows(operator, "notification", "risk") == []
    assert rows(operator, "notification", "\x00") != []


def test_a_delivery_is_found_by_recipient_and_ids(
    operator: Client, source: Source, shop: SellerAccount, hanako: User
) -> None:
    tell(source, shop, 2)
    first = Delivery.objects.first()

    assert first is not None
    assert rows(operator, "delivery", str(first.pk)) == [first]
    assert rows(operator, "delivery", str(first.notification_id)) == [first]
    assert len(rows(operator, "delivery", "Hanako@ok.test")) == 2
    assert rows(operator, "delivery", "hanako") == []


def test_a_source_can_be_switched_off_and_shows_no_key(operator: Client, source: Source) -> None:
    url = reverse("admin:notifications_source_change", args=[source.pk])
    page = operator.get(url)

    operator.post(url, {"name": "Marketplace", "aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0})

    source.refresh_from_db()
    assert SourceKey.objects.get().hash not in page.content.decode()
    assert source.active is False


def test_a_count_ends_somewhere(
    source: Source, shop: SellerAccount, hanako: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(source, shop, 3)
    monkeypatch.setattr(ShortCountPaginator, "MAX_COUNT", 2)

    assert ShortCountPaginator(Notification.objects.order_by("-pk"), 1).count == 2
