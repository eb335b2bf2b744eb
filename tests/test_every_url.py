"""Nobody reaches another shop's data by any address, form field or id.

The addresses are read from the site itself. A new one that this file does not know is treated as private; one with
a new parameter fails until it is told which of Hanako's things to put there.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from accounts.members import invitations
from accounts.models import Membership, SellerAccount, User
from notifications.models import (
    Address,
    EmergencyContact,
    LineLink,
    LineUser,
    LinkAttempt,
    Notification,
    Preference,
    Source,
)
from notifications.recipients.email_addresses import default_addresses
from notifications.types.definitions import GROUPS
from notifications.types.enums import AddressState, AttemptStage, LinkOrigin, LinkState
from notifications.types.payloads.samples import SAMPLES
from tests.conftest import PASSWORD

PUBLIC = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_login_webauthn",
    "accounts:accept_invitation",
    "accounts:sign_up_by_invitation",
    "accounts:confirm_again",
    "accounts:set_language",
    "notifications:confirm_address",
    "notifications:help",
    "notifications:help_page",
    "notifications:line_callback",
    "notifications:line_link",
    "notifications:line_webhook",
    "notifications:provider_events",
    "notifications:unsubscribe",
    "theme",
    "admin:jsi18n",
    "admin:logout",
    "healthz",
    "readyz",
    "metrics",
    "api:api-root",
    "api:openapi-json",
    "api:openapi-view",
}
"""Pages that nobody needs to sign in for."""

OF_NOBODY = {"slug"}
"""Parameters that name nothing that belongs to anybody."""

BY_LINK = {"token", "key", "uidb36"}
"""Parameters that are secrets themselves: whoever has the link may open it."""

TARO_MAY = {"accounts:leave", "notifications:mark_all_read"}
"""What a secondary user without further rights may do; it touches only what is their own."""


@dataclass(frozen=True)
class Page:
    """One address of the site."""

    name: str
    route: str
    parameters: frozenset[str] = field(compare=False)

    @property
    def is_of_a_shop(self) -> bool:
        return "seller" in self.parameters

    @property
    def is_of_the_admin(self) -> bool:
        return self.name.startswith("admin:")

    @property
    def is_of_the_api(self) -> bool:
        return self.name.startswith("api:")


def _walk(
    resolver: URLResolver, namespace: str = "", route: str = "", outer: frozenset[str] = frozenset()
) -> Iterator[Page]:
    for entry in resolver.url_patterns:
        parameters = outer | _parameters(entry)
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inside = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inside, here, parameters)
        else:
            yield Page(f"{namespace}{entry.name or here}", here, parameters)


def _parameters(entry: URLPattern | URLResolver) -> frozenset[str]:
    return frozenset(entry.pattern.regex.groupindex) | frozenset(entry.pattern.converters)


PAGES = sorted(set(_walk(get_resolver())), key=lambda page: page.name)


@dataclass(frozen=True)
class World:
    """Hanako's shop with something of every kind in it, and Mika's."""

    shop: SellerAccount
    other_shop: SellerAccount
    address: Address
    notification: Notification
    taros_membership: Membership
    samples: dict[str, Any]


@pytest.fixture
def world(
    shop: SellerAccount, hanako: User, taro: User, other_shop: SellerAccount, mika: User, settings: Any
) -> Iterator[World]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.ACCOUNT_RATE_LIMITS = False
    now = timezone.now()
    invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako)
    for account, email in ((shop, "secret@ok.test"), (other_shop, "mikas@ok.test")):
        Address.objects.create(account=account, email=email, state=AddressState.ACTIVE)
    address = Address.objects.get(email="secret@ok.test")
    preference = Preference.objects.create(account=shop, type="fba_order_confirmed", email=True)
    preference.destinations.create(address=address)
    EmergencyContact.objects.create(account=shop, phone="+819012345678", changed_by=hanako)
    source = Source.objects.create(name="orders")
    notification = Notification.objects.create(
        account=shop,
        source=source,
        event_id="1",
        type="order_confirmed",
        occurred_at=now - timedelta(hours=1),
        data=SAMPLES["order_confirmed"],
    )
    person = LineUser.objects.create(user_id="U" + "1" * 32, name="花子", followed_at=now)
    LineLink.objects.create(account=shop, line_user=person, linked_by=hanako, way=LinkOrigin.SITE, state=LinkState.LIVE)
    attempt = LinkAttempt.objects.create(
        way=LinkOrigin.SITE,
        stage=AttemptStage.IDENTIFIED,
        secret_hash="0" * 64,
        user=hanako,
        account=shop,
        line_user=person,
        expires_at=now + timedelta(minutes=10),
    )
    key = Authenticator.objects.create(user=hanako, type=Authenticator.Type.WEBAUTHN, data={"name": "key"})
    membership = taro.memberships.get()
    default_addresses([shop.pk, other_shop.pk])  # made when first needed, by whoever looks
    samples = {
        "seller": shop.public_id,
        "member": membership.public_id,
        "invitation": invitation.public_id,
        "notification_id": notification.pk,
        "address_id": address.pk,
        "attempt_id": attempt.pk,
        "group": GROUPS[0].key,
        "provider": "postmark",
        "slug": "mail",
        "pk": key.pk,
        "token": token,
        "key": "nobody-knows",
        "uidb36": "1",
        # The admin site:
        "object_id": str(shop.pk),
        "content_type_id": 1,
        "app_label": "accounts",
        "url": "anything",
        "source_id": source.pk,
        "key_id": source.keys.create(hash="0" * 64).pk,
        "account_id": shop.pk,
        "type_key": "order_confirmed",
        "language": "ja",
    }
    yield World(shop, other_shop, address, notification, membership, samples)
    cache.clear()


PARAMETER = re.compile(r"<(?:\w+:)?(?P<path>\w+)>(?![^()]*\))|\(\?P<(?P<regex>\w+)>[^()]*\)")
"""A parameter in a path, or in a regular expression."""

OBJECTS = {"member", "invitation", "notification_id", "address_id", "attempt_id"}
"""Parameters that name a thing within a shop."""


def address_of(page: Page, world: World, **instead: Any) -> str:
    unknown = page.parameters - set(world.samples)
    if unknown:
        pytest.fail(f"{page.name} has the parameter {unknown}: give `samples` one that belongs to Hanako.")
    values = world.samples | instead
    path = PARAMETER.sub(lambda found: str(values[found["path"] or found["regex"]]), page.route)
    address = "/" + path.replace("^", "").replace("$", "")
    assert resolve(address).route == page.route.replace("^", ""), (
        "The pattern is more than a plain one: teach `address_of`."
    )
    return address


def rows() -> dict[str, str]:
    """Everything that people and shops own, table by table."""
    models = [
        model
        for app in ("accounts", "notifications", "account", "mfa")
        for model in apps.get_app_config(app).get_models()
    ]
    # In one query: it is asked after every page.
    query = " UNION ALL ".join(
        f"SELECT '{model._meta.label}', string_agg((to_jsonb(t) - 'last_login')::text, ' ' ORDER BY t.*::text)"  # noqa: S608 (our own names)
        f" FROM {model._meta.db_table} t"
        for model in models
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


BROWSER = Client()
"""One for all requests, as it takes long to make."""


def get_and_post(user: User | None, address: str, data: dict[str, Any] | None = None) -> list[HttpResponse]:
    """Each as by a new browser."""
    responses = []
    client = BROWSER
    for method in ("get", "post"):
        client.cookies.clear()
        if user is not None:
            client.force_login(user)
            _ask_for_no_password(client, user)
        responses.append(getattr(client, method)(address, data or {}))
    return responses


def _ask_for_no_password(client: Client, user: User) -> None:
    """As if the person had just confirmed who they are, so that no page hides behind that question."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()


def statuses(responses: list[HttpResponse]) -> list[int]:
    return [response.status_code for response in responses]


def targets(responses: list[HttpResponse]) -> set[str]:
    return {response.headers.get("Location", "").partition("?")[0] for response in responses}


def tells_of_hanako(responses: list[HttpResponse]) -> bool:
    pages = [response.content.decode() for response in responses]
    return any(secret in page for page in pages for secret in ("花子", "hanako@", "secret@", "12345678"))


def test_the_tables_name_only_pages_that_exist():
    known = {page.name for page in PAGES}

    assert known >= PUBLIC | TARO_MAY
    assert {name for page in PAGES for name in page.parameters} >= OBJECTS | {"seller"}


def test_a_visitor_must_sign_in(world):
    before, open_pages = rows(), []

    for page in PAGES:
        responses = get_and_post(None, address_of(page, world))

        assert rows() == before, page
        if page.is_of_the_api:
            is_closed = 401 in statuses(responses) and set(statuses(responses)) <= {401, 405}
        else:
            is_closed = targets(responses) <= {reverse("account_login"), reverse("admin:login")}
        if not is_closed:
            open_pages.append(page.name)
            assert max(statuses(responses)) < 500, page

    assert set(open_pages) <= PUBLIC


def test_the_primary_user_of_another_shop_reaches_nothing(world, mika):
    before = rows()

    for page in PAGES:
        responses = get_and_post(mika, address_of(page, world))
        seen = set(statuses(responses))

        assert rows() == before, page
        if page.is_of_a_shop:
            assert seen == {404}, page
        elif page.is_of_the_api and page.name not in PUBLIC:
            assert seen <= {401, 405}, page
        elif page.is_of_the_admin and page.name not in PUBLIC:
            assert seen <= {302, 403}, page
        elif page.parameters - OF_NOBODY and not page.parameters & BY_LINK:
            assert seen <= {404, 405}, page
        assert max(seen) < 500, page
        assert page.parameters & BY_LINK or not tells_of_hanako(responses), page


def test_things_of_one_shop_are_not_reached_through_another(world, mika):
    before = rows()

    for page in PAGES:
        if not (page.is_of_a_shop and page.parameters & OBJECTS):
            continue
        address = address_of(page, world, seller=world.other_shop.public_id)
        responses = get_and_post(mika, address, {"granted": "yes", "language": "en"})

        assert rows() == before, page
        assert 404 in statuses(responses), page
        assert set(statuses(responses)) <= {404, 405}, page


def test_a_secondary_user_without_rights_changes_nothing(world, taro):
    before = rows()

    for page in PAGES:
        if not page.is_of_a_shop or page.name in TARO_MAY:
            continue
        looked, posted = get_and_post(taro, address_of(page, world))

        after = rows()
        assert looked.status_code in (200, 302, 403, 405), page
        assert posted.status_code in (403, 405), page
        # Opening a notification marks it as read: for Taro alone.
        changed = {label for label in before if before[label] != after[label]}
        assert changed <= {"notifications.ReadMark", "notifications.ReadHorizon"}, page


def test_ids_of_another_shop_in_form_fields_change_nothing(world, mika):
    kind = next(iter(GROUPS[0])).key
    mine = {"seller": world.other_shop.public_id}
    forms = [
        ("accounts:hand_over", mine, {"to": world.taros_membership.public_id, "password": PASSWORD}),
        (
            "notifications:edit_group",
            mine | {"group": GROUPS[0].key},
            {f"{kind}-email": "on", f"{kind}-addresses": [str(world.address.pk)], f"{kind}-version": "0"},
        ),
        ("notifications:centre", mine, {"before": str(world.notification.pk)}),
    ]
    before = rows()

    for name, arguments, data in forms:
        responses = get_and_post(mika, reverse(name, kwargs=arguments), data)
        assert set(statuses(responses)) <= {200, 405, 422}, name
        assert not tells_of_hanako(responses), name

    after = rows()
    assert {label for label in before if before[label] != after[label]} <= {"notifications.Address"}
    assert after["notifications.PreferenceAddress"] == before["notifications.PreferenceAddress"]
    assert not Preference.objects.filter(account=world.other_shop).exists()
