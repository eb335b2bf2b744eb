"""Sign-ups at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.internal.flows import manage_email
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.members import invitations
from accounts.models import Membership, SellerAccount, User
from tests.accounts.test_sign_in import SIGN_UP
from tests.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 3


@pytest.fixture
def nobody_is_known_yet(monkeypatch) -> None:
    """All requests have looked for the address before one of them saves it."""
    looked = threading.Barrier(AT_ONCE)
    look = manage_email.email_already_exists

    def look_together(email, *arguments, **options):
        found = look(email, *arguments, **options)
        looked.wait(timeout=LIMIT_SECONDS)
        return found

    monkeypatch.setattr(manage_email, "email_already_exists", look_together)


def at_once(address: str, typed: dict[str, str]) -> list[tuple[int, str]]:
    """Status and target of the answer to each request."""

    def send(number: int) -> tuple[int, str]:
        try:
            response = Client(raise_request_exception=False).post(address, typed)
            return response.status_code, response.headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(send, range(AT_ONCE)))


def test_sign_ups_at_once_open_one_shop_and_are_answered_alike(nobody_is_known_yet, mailoutbox):
    answers = at_once(reverse("account_signup"), SIGN_UP)

    assert answers == [(302, reverse("account_email_verification_sent"))] * AT_ONCE
    assert [user.email for user in User.objects.all()] == ["ichiko@ok.test"]
    assert (EmailAddress.objects.count(), SellerAccount.objects.count(), Membership.objects.count()) == (1, 1, 1)
    assert {tuple(message.to) for message in mailoutbox} == {("ichiko@ok.test",)}


def test_sign_ups_at_once_by_one_invitation_join_once(nobody_is_known_yet, shop, hanako):
    _invitation, token = invitations.invite(shop, "ichiko@ok.test", by=hanako)

    answers = at_once(reverse("accounts:sign_up_by_invitation", args=[token]), SIGN_UP)

    assert [status for status, _target in answers] == [302] * AT_ONCE
    assert sum(target == reverse("home", args=[shop.public_id]) for _status, target in answers) == 1
    assert sorted(shop.memberships.values_list("user__email", flat=True)) == ["hanako@ok.test", "ichiko@ok.test"]
