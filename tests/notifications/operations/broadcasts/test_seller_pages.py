"""What sellers see of a notice that was taken back: in the list, on its page, at home and in the log."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import SellerAccount, User
from notifications.ingest import pipeline
from notifications.models import Notification, Source
from notifications.operations.redelivery.recalls import Correction, recall_notifications
from notifications.types.payloads.samples import SAMPLES
from notifications.web import read_state

SORRY = Correction(ja="停止の恐れはありません。", en="There is no risk.")


@pytest.fixture
def notice(shop: SellerAccount, hanako: User, omar: User) -> Notification:
    """Taken back."""
    source = Source.objects.create(name="Marketplace")
    pipeline.notify(shop, "account_at_risk", event_id="1", data=SAMPLES["account_at_risk"], source=source)
    notice = Notification.objects.get()
    recall_notifications([notice.pk], SORRY, by=omar)
    return notice


def page(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("language", "expected", "other"), [("ja", SORRY.ja, SORRY.en), ("en", SORRY.en, SORRY.ja)])
@pytest.mark.parametrize("name", ["home", "notifications:centre", "detail"])
def test_the_correction_is_shown_in_the_readers_language(shop, hanako, notice, name, language, expected, other):
    User.objects.update(language=language)
    hanako.refresh_from_db()
    if name == "detail":
        address = reverse("notifications:detail", args=[shop.public_id, notice.pk])
    else:
        address = reverse(name, args=[shop.public_id])

    shown = page(hanako, address)

    assert expected in shown
    assert other not in shown
    assert "news-required" not in shown


def test_the_page_keeps_what_it_said_behind_a_click(shop, hanako, notice):
    shown = page(hanako, reverse("notifications:detail", args=[shop.public_id, notice.pk]))

    behind = shown[shown.index('<details class="my-3">') :]
    original = SAMPLES["account_at_risk"]["reason"]
    assert SORRY.ja not in behind
    assert original in behind.partition("</details>")[0]
    assert original not in shown.removesuffix(behind)


def test_the_log_says_it_of_the_notice_and_of_each_road(shop, hanako, notice):
    User.objects.update(language="en")
    hanako.refresh_from_db()

    shown = page(hanako, reverse("notifications:log", args=[shop.public_id]))

    assert "Taken back" in shown
    assert "It was taken back before it was sent." in shown


def test_unread_it_stays_until_somebody_has_read_the_correction(shop, hanako, notice):
    membership = hanako.memberships.get()
    before = read_state.unread_count(membership)

    page(hanako, reverse("notifications:detail", args=[shop.public_id, notice.pk]))

    assert (before, read_state.unread_count(membership)) == (1, 0)


def test_another_shop_sees_none_of_it(shop, mika, notice):
    client = Client()
    client.force_login(mika)

    response = client.get(reverse("notifications:detail", args=[shop.public_id, notice.pk]))

    assert response.status_code == 404


@pytest.mark.parametrize("recalled", [1, 3])
def test_recalls_cost_one_query_however_many(shop, hanako, omar, recalled, django_assert_num_queries):
    source = Source.objects.create(name="Marketplace")
    for key in range(3):
        pipeline.notify(shop, "account_at_risk", event_id=f"{key}", data=SAMPLES["account_at_risk"], source=source)
    rows = list(Notification.objects.all())
    for row in rows[:recalled]:
        recall_notifications([row.pk], SORRY, by=omar)
    client = Client()
    client.force_login(hanako)
    address = reverse("notifications:centre", args=[shop.public_id])
    client.get(address)

    with django_assert_num_queries(7):
        client.get(address)
