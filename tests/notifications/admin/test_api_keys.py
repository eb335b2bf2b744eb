"""Keys of sources: shown once, kept nowhere, rotated with an overlap, revoked at once, each written down."""

import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OperatorAction, SellerAccount, User
from notifications.ingest.api_keys import add_source, keyless_source, source_of
from notifications.models import SellerAlias, Source, SourceKey
from notifications.types.enums import AliasKind, SourceKind
from tests.conftest import make_operator

ALIASES = {"aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0}


@pytest.fixture
def operator(client: Client, omar: User) -> Client:
    client.force_login(omar)
    return client


def url(act: str, source: Source, *more: object) -> str:
    return reverse(f"admin:{act}_source_key", args=[source.pk, *more])


def acts() -> list[tuple[str, int | None]]:
    return list(OperatorAction.objects.order_by("pk").values_list("act", "account"))


def test_a_new_key_is_shown_once_and_kept_nowhere(
    operator: Client, omar: User, caplog: pytest.LogCaptureFixture
) -> None:
    source, first = add_source("Marketplace")
    caplog.set_level(logging.DEBUG)

    shown = operator.post(url("issue", source))

    key = shown.context["key"]
    assert source_of(key) == source_of(first) == source
    assert key in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    again = [
        operator.get(url("issue", source)),
        operator.get(reverse("admin:notifications_source_change", args=[source.pk])),
    ]
    session = Session.objects.get(session_key=operator.session.session_key).get_decoded()
    kept = [page.content.decode() for page in again] + [
        repr(session),
        caplog.text,
        repr(cache.get(operator.session.cache_key)),
    ]
    assert not any(key in place for place in kept)
    assert not any(key in repr(row) for row in OperatorAction.objects.values())
    assert SourceKey.objects.order_by("pk").last().created_by == omar
    assert acts() == [("source.key_issued", None)]


def test_asking_issues_nothing(operator: Client) -> None:
    source, _key = add_source("Marketplace")

    pages = [operator.get(url("issue", source)), operator.get(url("rotate", source))]

    assert [page.status_code for page in pages] == [200, 200]
    assert (SourceKey.objects.count(), acts()) == (1, [])


def test_a_rotation_leaves_the_old_key_a_week(operator: Client, shop: SellerAccount) -> None:
    source, old = add_source("花子の器", kind=SourceKind.CART, account=shop)

    new = operator.post(url("rotate", source)).context["key"]

    before = SourceKey.objects.get(hint=old[:8], ends_at__isnull=False)
    assert source_of(old) == source_of(new) == source
    assert abs(before.ends_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    assert acts() == [("source.key_rotated", shop.pk)]


def test_a_revoked_key_opens_nothing(operator: Client) -> None:
    source, key = add_source("Marketplace")
    row = SourceKey.objects.get()
    asked = operator.get(url("revoke", source, row.pk))
    still = source_of(key)

    operator.post(url("revoke", source, row.pk))

    assert (asked.status_code, still) == (200, source)
    assert source_of(key) is None
    assert acts() == [("source.key_revoked", None)]


def test_a_key_is_revoked_through_its_own_source_only(operator: Client) -> None:
    source, key = add_source("Marketplace")
    other, _key = add_source("Other")

    refused = operator.post(url("revoke", other, SourceKey.objects.get(source=source).pk))

    assert refused.status_code == 404
    assert source_of(key) == source


def test_our_own_doors_get_no_key(operator: Client) -> None:
    own = keyless_source("Broadcasts")

    assert operator.post(url("issue", own)).status_code == 404
    assert operator.post(url("rotate", own)).status_code == 404
    assert not SourceKey.objects.exists()


def test_who_may_change_sources_issues_no_keys_without_the_right(client: Client, db: None) -> None:
    source, _key = add_source("Marketplace")
    olga = make_operator("olga@ok.test", "Olga")
    olga.user_permissions.set(Permission.objects.filter(codename__in=["view_source", "change_source"]))
    client.force_login(olga)

    row = SourceKey.objects.get()
    answers = [
        client.post(url("issue", source)),
        client.post(url("rotate", source)),
        client.post(url("revoke", source, row.pk)),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert list(SourceKey.objects.values_list("pk", "ends_at")) == [(row.pk, None)]


def test_a_shop_s_own_system_is_added_by_its_seller_id(operator: Client, shop: SellerAccount) -> None:
    form = {"name": "花子の器 カート", "kind": "cart", "account": f" {shop.public_id.lower()} ", "active": "on"}

    operator.post(reverse("admin:notifications_source_add"), form)

    source = Source.objects.get()
    assert (source.name, source.kind, source.account, source.active) == ("花子の器 カート", "cart", shop, True)
    assert not SourceKey.objects.exists()
    assert acts() == [("source.added", shop.pk)]


@pytest.mark.parametrize(
    ("kind", "seller", "field"),
    [("cart", "", "account"), ("cart", "NOBODY", "account"), ("events", "{shop}", "account"), ("own", "", "kind")],
)
def test_a_source_that_does_not_fit_is_not_added(
    operator: Client, shop: SellerAccount, kind: str, seller: str, field: str
) -> None:
    form = {"name": "New", "kind": kind, "account": seller.format(shop=shop.public_id), "active": "on"}

    page = operator.post(reverse("admin:notifications_source_add"), form)

    assert list(page.context["adminform"].form.errors) == [field]
    assert not Source.objects.exists()


def test_a_name_of_a_seller_is_kept_and_written_down(operator: Client, shop: SellerAccount) -> None:
    source, _key = add_source("Selling Partner API", kind=SourceKind.SELLING_PARTNER)
    form = {
        "name": source.name,
        "active": "on",
        "aliases-TOTAL_FORMS": 1,
        "aliases-INITIAL_FORMS": 0,
        "aliases-0-kind": AliasKind.SELLER.value,
        "aliases-0-value": "A3SELLER",
        "aliases-0-account": shop.public_id,
        "aliases-0-source": source.pk,
    }

    operator.post(reverse("admin:notifications_source_change", args=[source.pk]), form)

    assert list(SellerAlias.objects.values_list("kind", "value", "account")) == [("seller", "A3SELLER", shop.pk)]
    assert acts() == [("alias.added", shop.pk)]
