import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.members import invitations
from accounts.models import Invitation, SellerAccount, User
from accounts.roles import Role
from tests.conftest import PASSWORD

SIGN_UP = {"name": "鈴木 次郎", "password1": "a-long-Passphrase-9", "time_zone": "Asia/Tokyo"}


@pytest.fixture
def token(shop, hanako):
    _invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako)
    return token


def accept_url(token):
    return reverse("accounts:accept_invitation", args=[token])


def sign_up_url(token):
    return reverse("accounts:sign_up_by_invitation", args=[token])


def test_somebody_new_is_led_to_sign_up(client, token, shop):
    response = client.get(accept_url(token))

    assert response.status_code == 200
    assert sign_up_url(token) in response.content.decode()
    assert not shop.memberships.filter(role=Role.SECONDARY).exists()


def test_sign_up_by_invitation_joins_the_shop_at_once(client, token, shop, mailoutbox):
    response = client.post(sign_up_url(token), SIGN_UP)

    user = User.objects.get(email="jiro@ok.test")
    assert response.url == reverse("home", args=[shop.public_id])
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.memberships.get().account, user.memberships.get().role) == (shop, Role.SECONDARY)
    assert SellerAccount.objects.count() == 1
    assert EmailAddress.objects.get(user=user).verified
    assert mailoutbox == []


def test_sign_up_by_invitation_ignores_another_address(client, token, shop):
    client.post(sign_up_url(token), SIGN_UP | {"email": "eve@ok.test", "shop_name": "Eve"})

    assert not User.objects.filter(email="eve@ok.test").exists()
    assert User.objects.filter(email="jiro@ok.test").exists()


def test_a_refused_sign_up_leaves_the_invitation_open(client, token):
    response = client.post(sign_up_url(token), SIGN_UP | {"password1": "123"})

    assert list(response.context["form"].errors) == ["password1"]
    assert not User.objects.filter(email="jiro@ok.test").exists()
    assert Invitation.objects.get().is_open


def test_a_full_shop_makes_no_half_user(client, token, monkeypatch):
    monkeypatch.setattr(invitations, "MEMBERS_LIMIT", 1)

    response = client.post(sign_up_url(token), SIGN_UP)

    assert response.url == accept_url(token)
    assert not User.objects.filter(email="jiro@ok.test").exists()
    assert Invitation.objects.get().is_open
    assert client.session.get("account_verified_email") is None


def test_somebody_known_signs_in_and_accepts(client, shop, hanako, mika):
    _invitation, token = invitations.invite(shop, "mika@ok.test", by=hanako)
    welcome = client.get(accept_url(token)).content.decode()
    client.post(reverse("account_login"), {"login": "mika@ok.test", "password": PASSWORD, "next": accept_url(token)})

    looked = client.get(accept_url(token))
    not_by_looking = shop.memberships.filter(user=mika).exists()
    response = client.post(accept_url(token))

    assert f"?next={accept_url(token)}" in welcome
    assert looked.status_code == 200
    assert not_by_looking is False
    assert response.url == reverse("home", args=[shop.public_id])
    assert shop.memberships.get(user=mika).role == Role.SECONDARY


def test_somebody_else_who_is_signed_in_is_stopped_and_told_both_addresses(client, token, shop, mika):
    client.force_login(mika)

    for response in (client.get(accept_url(token)), client.post(accept_url(token))):
        page = response.content.decode()
        assert response.status_code == 403
        assert "jiro@ok.test" in page
        assert "mika@ok.test" in page

    assert not shop.memberships.filter(user=mika).exists()
    assert client.get(sign_up_url(token)).url == accept_url(token)


def test_links_that_do_not_work_say_why(client, token, shop, hanako):
    invitation = Invitation.objects.get()

    unknown = client.get(accept_url("x" * 43))
    invitations.revoke(invitation, by=hanako)
    revoked = client.get(accept_url(token))

    assert (unknown.status_code, revoked.status_code) == (404, 404)
    assert unknown.context["invitation"] is None
    assert revoked.context["invitation"] == invitation
    assert "花子の器" not in unknown.content.decode()
    assert client.post(sign_up_url(token), SIGN_UP).url == accept_url(token)
    assert not User.objects.filter(email="jiro@ok.test").exists()
