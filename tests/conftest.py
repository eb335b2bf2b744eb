"""What every test may use: the cast, on the embedded PostgreSQL and Valkey."""

import os
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import Membership, Plan, SellerAccount, User
from accounts.roles import Role
from tests.waiting import load_hypothesis_profile

PASSWORD = "correct-horse-battery"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def pytest_configure() -> None:
    load_hypothesis_profile()
    _empty_tables_quickly()
    _let_operators_pass_their_second_step()


def record_sign_in(client: Client, user: User, method: str, **more: object) -> None:
    """What allauth notes in the session when somebody has proved who they are."""
    from allauth.account.internal.flows.login import record_authentication
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, method, **more)
    request.session.save()


def _let_operators_pass_their_second_step() -> None:
    """`force_login` skips the code that an operator types; what that leaves in the session is put there."""

    force_login = Client.force_login

    def with_second_step(self: Client, user: User, backend: str | None = None) -> None:
        force_login(self, user, backend)
        if user.is_staff:
            record_sign_in(self, user, "mfa", type="totp")

    Client.force_login = with_second_step


def _empty_tables_quickly() -> None:
    """After a test that commits, Django would TRUNCATE every table and make the permissions anew: 0.3 s each time.

    Few tables hold rows, and what migrations wrote stays as it is.
    """
    from django.core.management.commands import flush
    from django.db.backends.postgresql.operations import DatabaseOperations

    written_by_migrations = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}

    def sql_flush(self: DatabaseOperations, style: object, tables: list[str], **_options: object) -> list[str]:
        emptied = [self.quote_name(table) for table in tables if table not in written_by_migrations]
        # Without triggers, so that the order of the tables does not matter.
        return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {table}" for table in emptied)]  # noqa: S608

    DatabaseOperations.sql_flush = sql_flush
    flush.emit_post_migrate_signal = lambda *_arguments, **_options: None


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database of its own for each run, so that two runs never meet."""
    from django.conf import settings

    settings.DATABASES["default"]["TEST"]["NAME"] = f"test_sellerhub_{os.getpid()}"


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """What one test has used of a limit is not missing in the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def long_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task ends its turn after some seconds and leaves the rest to the next: a slow machine would do less."""
    from notifications import tasks

    monkeypatch.setattr(tasks, "DELIVERY_SECONDS", 120)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """What language a page activated is not met by the next test."""
    from django.utils import translation

    with translation.override("ja"):
        yield


def make_user(email: str, name: str, *, language: str = "ja", **fields: object) -> User:
    """A user whose address allauth knows as verified."""
    from allauth.account.models import EmailAddress

    user = User.objects.create_user(email, PASSWORD, name=name, language=language, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def shop(db: None) -> SellerAccount:
    """Hanako's shop on the professional plan."""
    return SellerAccount.objects.create(name="花子の器", plan=Plan.PROFESSIONAL, language="ja")


@pytest.fixture
def hanako(shop: SellerAccount) -> User:
    """Primary user of `shop`."""
    user = make_user("hanako@ok.test", "山田 花子")
    Membership.objects.create(account=shop, user=user, role=Role.PRIMARY)
    return user


@pytest.fixture
def taro(shop: SellerAccount, hanako: User) -> User:
    """Secondary user of `shop`, without the right to edit notification settings."""
    user = make_user("taro@ok.test", "佐藤 太郎")
    Membership.objects.create(account=shop, user=user, role=Role.SECONDARY)
    return user


@pytest.fixture
def other_shop(db: None) -> SellerAccount:
    """Mika's shop on the individual plan."""
    return SellerAccount.objects.create(name="Mika Books", plan=Plan.INDIVIDUAL, language="en")


@pytest.fixture
def mika(other_shop: SellerAccount) -> User:
    """Primary user of `other_shop`; must never see anything of `shop`."""
    user = make_user("mika@ok.test", "Mika Tanaka", language="en")
    Membership.objects.create(account=other_shop, user=user, role=Role.PRIMARY)
    return user


def make_operator(email: str, name: str, **fields: object) -> User:
    """Somebody who may enter the admin site, with the second step that it asks for."""
    from accounts.auth import mfa

    user = make_user(email, name, language="en", is_staff=True, **fields)
    mfa.set_up_app(user, TOTP_SECRET)
    return user


@pytest.fixture
def omar(db: None) -> User:
    """An operator."""
    return make_operator("omar@ok.test", "Omar Haddad", is_superuser=True)
