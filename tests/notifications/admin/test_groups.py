"""Each group may exactly what it should, on every page of the admin site."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OperatorAction, SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.models import EmergencyContact, SourceKey
from notifications.recipients import emergency_phone
from notifications.types.enums import DeliveryStatus
from tests.conftest import make_operator
from tests.notifications.operations.redelivery.conftest import Make, make

__all__ = ["make"]

# Named otherwise than Python names its modules.
migration = importlib.import_module("notifications.migrations.0002_groups")

LOOKED_AT_BY_SUPPORT = {
    *{"account.emailaddress", "accounts.historyentry", "accounts.invitation", "accounts.operatoraction"},
    *{"accounts.selleraccount", "accounts.user"},
    *{f"notifications.{name}" for name in ("address", "attempt", "channelpause", "skippedroute", "delivery")},
    *{f"notifications.{name}" for name in ("emergencycontact", "emergencynotice", "lineevent", "linelink")},
    *{f"notifications.{name}" for name in ("lineuser", "linkattempt", "mailreport", "notification")},
    *{f"notifications.{name}" for name in ("preference", "replay", "returnedmail", "source", "sourcemessage")},
}
LOOKED_AT = {
    "support": LOOKED_AT_BY_SUPPORT,
    "messenger": {"accounts.selleraccount", "notifications.notification"},
    "administrator": LOOKED_AT_BY_SUPPORT,
    "nobody": set(),
}
ADDED = {"administrator": {"notifications.source"}}
CHANGED = {"administrator": {"accounts.selleraccount", "accounts.user", "notifications.source"}}
PAGES = {
    "dead_letters": {"support", "administrator"},
    "failing_domains": {"support", "administrator"},
    "webhook_log": {"support", "administrator"},
    "previews": {"support", "messenger", "administrator"},
    "preview": {"support", "messenger", "administrator"},
    "preview_mail": {"support", "messenger", "administrator"},
    "preview_site": {"support", "messenger", "administrator"},
    "retry_dead_letters": {"support", "administrator"},
    "issue_source_key": {"administrator"},
    "rotate_source_key": {"administrator"},
    "revoke_source_key": {"administrator"},
    "emergency_calls": {"administrator"},
    "uncover_emergency_call": {"administrator"},
    "export_emergency_calls": {"administrator"},
}
"""Pages of our own, by name, and who may open or do what is behind them."""
OF_BROADCASTS = {"notifications.broadcast", "notifications.recall"}
"""Another test looks at these."""


@pytest.fixture
def member_of(client: Client, db: None) -> Any:
    """`member_of("support")`: signed in as somebody in this group alone."""

    def sign_in(group: str) -> Client:
        user = make_operator(f"{group}@ok.test", group)
        user.groups.set(Group.objects.filter(name=group))
        client.force_login(user)
        return client

    return sign_in


def models() -> dict[str, Any]:
    return {
        model._meta.label_lower: model
        for model in admin.site._registry
        if model._meta.app_label != "auth" and model._meta.label_lower not in OF_BROADCASTS
    }


def url(model: Any, act: str, *arguments: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}", args=arguments)


def test_there_are_three(db: None) -> None:
    assert list(Group.objects.order_by("name").values_list("name", flat=True)) == [
        "administrator",
        "messenger",
        "support",
    ]


@pytest.mark.parametrize("group", LOOKED_AT)
def test_each_sees_adds_and_changes_what_it_should(member_of: Any, group: str) -> None:
    client = member_of(group)

    lists = {label for label, model in models().items() if client.get(url(model, "changelist")).status_code == 200}
    added = {label for label, model in models().items() if client.get(url(model, "add")).status_code == 200}
    changed = {
        label
        for label, model in models().items()
        if admin.site._registry[model].has_change_permission(_request(client), None) and label in lists
    }

    assert lists == LOOKED_AT[group]
    assert added == ADDED.get(group, set())
    assert changed - {"notifications.channelpause"} == CHANGED.get(group, set())


def _request(client: Client) -> Any:
    return client.get(reverse("admin:index")).wsgi_request


@pytest.mark.parametrize("group", LOOKED_AT)
def test_nobody_deletes_and_nobody_makes_groups(member_of: Any, group: str, hanako: User, shop: SellerAccount) -> None:
    client = member_of(group)

    refused = [
        client.post(url(User, "delete", hanako.pk), {"post": "yes"}).status_code,
        client.post(url(SellerAccount, "delete", shop.pk), {"post": "yes"}).status_code,
        client.get(reverse("admin:auth_group_changelist")).status_code,
        client.post(reverse("admin:auth_group_add"), {"name": "mine"}).status_code,
    ]

    assert refused == [403, 403, 403, 403]
    assert (User.objects.filter(pk=hanako.pk).exists(), Group.objects.count()) == (True, 3)


@pytest.mark.parametrize("group", LOOKED_AT)
@pytest.mark.parametrize("page", PAGES)
def test_each_of_our_own_pages_opens_for_whom_it_should(
    member_of: Any, make: Make, shop: SellerAccount, group: str, page: str
) -> None:
    make(DeliveryStatus.FAILED)
    source, _key = add_source("Marketplace")
    EmergencyContact.objects.create(account=shop, phone=emergency_phone.parse("090-1234-5678"))
    arguments = {
        "issue_source_key": [source.pk],
        "rotate_source_key": [source.pk],
        "revoke_source_key": [source.pk, SourceKey.objects.get().pk],
        "uncover_emergency_call": [shop.pk],
        **{f"preview{part}": ["account_at_risk", "ja"] for part in ("", "_mail", "_site")},
    }
    address = reverse(f"admin:{page}", args=arguments.get(page, []))
    client = member_of(group)

    opened = client.get(address, {"status": "failed", "channel": "email"})
    if opened.status_code == 405:
        opened = client.post(address)

    assert opened.status_code == (200 if group in PAGES[page] else 403)
    if group not in PAGES[page]:
        assert not OperatorAction.objects.exists()


def test_all_of_our_own_pages_are_in_the_table() -> None:
    ours = {
        pattern.name
        for model in models().values()
        for pattern in admin.site._registry[model].get_urls()
        if pattern.name and not pattern.name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
    }

    assert ours == set(PAGES)


def test_the_migration_may_run_twice_and_keeps_what_was_added(db: None) -> None:
    support = Group.objects.get(name="support")
    extra = Permission.objects.get(codename="add_source")
    support.permissions.add(extra)
    before = {group.name: set(group.permissions.all()) for group in Group.objects.all()}

    with connection.schema_editor() as editor:
        migration.make_groups(apps, editor)

    assert {group.name: set(group.permissions.all()) for group in Group.objects.all()} == before


@pytest.mark.parametrize("group", ["support", "messenger", "administrator"])
def test_no_group_makes_operators_or_uncovers_by_the_way(member_of: Any, group: str, hanako: User) -> None:
    client = member_of(group)
    form = {"name": "花", "language": "ja", "time_zone": "Asia/Tokyo", "is_staff": "on", "is_superuser": "on"}
    inline = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}

    client.post(url(User, "change", hanako.pk), form | inline | {"date_joined": timezone.now()})

    hanako.refresh_from_db()
    assert (hanako.is_staff, hanako.is_superuser) == (False, False)
