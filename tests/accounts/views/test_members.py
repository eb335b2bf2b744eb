import pytest
from django.urls import reverse

from accounts.members import invitations
from accounts.models import Invitation, Membership
from accounts.roles import Role
from tests.conftest import PASSWORD


@pytest.fixture
def as_hanako(client, hanako):
    client.force_login(hanako)
    return client


def url(name, shop, *arguments):
    return reverse(f"accounts:{name}", args=[shop.public_id, *arguments])


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture(autouse=True)
def in_english(settings):
    """Sentences are compared in the source language."""
    settings.LOCALE_PATHS = []


def test_members_shows_people_invitations_and_changes(as_hanako, shop, taro, hanako):
    invitations.invite(shop, "jiro@ok.test", by=hanako)

    response = as_hanako.get(url("members", shop))

    assert [row.user.name for row in response.context["members"]] == ["山田 花子", "佐藤 太郎"]
    assert [row.email for row in response.context["invitations"]] == ["jiro@ok.test"]
    assert [change for _at, change in response.context["changes"]] == ["山田 花子 invited jiro@ok.test."]


def test_a_secondary_user_sees_who_could_do_what_they_may_not(client, shop, taro, hanako):
    invitations.invite(shop, "jiro@ok.test", by=hanako)
    client.force_login(taro)

    page = client.get(url("members", shop)).content.decode()
    refused = client.get(url("invite", shop))

    assert "山田 花子, invites and removes members" in page
    assert url("invite", shop) not in page
    assert url("remove", shop, taro.memberships.get().public_id) not in page
    assert "/invitations/" not in page
    assert refused.status_code == 403
    assert "山田 花子" in refused.content.decode()


@pytest.mark.parametrize("name", ["invite", "hand_over", "shop", "right", "remove", "send_again", "revoke"])
def test_a_secondary_user_changes_nothing(client, shop, taro, hanako, name):
    invitation, _token = invitations.invite(shop, "jiro@ok.test", by=hanako)
    membership = taro.memberships.get().public_id
    arguments = {
        "right": [membership],
        "remove": [membership],
        "send_again": [invitation.public_id],
        "revoke": [invitation.public_id],
    }
    before = list(Membership.objects.order_by("pk").values()), list(Invitation.objects.values())
    client.force_login(taro)

    response = client.post(
        url(name, shop, *arguments.get(name, [])),
        {"granted": "yes", "to": membership, "password": PASSWORD, "email": "x@ok.test", "name": "X"},
    )

    assert response.status_code == 403
    assert (list(Membership.objects.order_by("pk").values()), list(Invitation.objects.values())) == before


@pytest.mark.parametrize("people", [1, 3])
def test_members_needs_as_many_queries_for_three_as_for_one(as_hanako, shop, hanako, people, django_assert_num_queries):
    from tests.conftest import make_user

    for number in range(people):
        Membership.objects.create(account=shop, user=make_user(f"m{number}@ok.test", f"M{number}"))
        invitations.invite(shop, f"i{number}@ok.test", by=hanako)
    as_hanako.get(url("members", shop))

    with django_assert_num_queries(7):
        as_hanako.get(url("members", shop))


def test_invite_sends_a_link_in_the_invited_persons_language(as_hanako, shop, mika, mailoutbox):
    response = as_hanako.post(
        url("invite", shop), {"email": "ＭＩＫＡ＠ok.test", "edits_notifications": "on"}, follow=True
    )

    invitation = Invitation.objects.get()
    assert messages_of(response) == ["The invitation to mika@ok.test was sent."]
    assert (invitation.email, invitation.edits_notifications) == ("mika@ok.test", True)
    assert [message.to for message in mailoutbox] == [["mika@ok.test"]]
    assert mailoutbox[0].subject == "山田 花子 invites you to 花子の器 on SellerHub"
    assert '<html lang="en">' in mailoutbox[0].alternatives[0][0]


def test_invite_says_in_words_what_is_wrong_and_keeps_what_was_typed(as_hanako, shop, taro, mailoutbox):
    for email in ("nonsense", "taro@ok.test", ""):
        response = as_hanako.post(url("invite", shop), {"email": email, "edits_notifications": "on"})

        assert response.status_code == 200
        assert response.context["form"].errors
        assert response.context["form"]["email"].value() == email
        assert response.context["form"]["edits_notifications"].value() is True

    assert not Invitation.objects.exists()
    assert mailoutbox == []


def test_invitations_are_limited_in_an_hour(as_hanako, shop, settings):
    settings.ACCOUNT_RATE_LIMITS = {"invite": "2/h/user"}

    statuses = [as_hanako.post(url("invite", shop), {"email": f"a{number}@ok.test"}).status_code for number in range(3)]

    assert statuses == [302, 302, 429]
    assert Invitation.objects.count() == 2


def test_an_invitation_whose_mail_failed_can_be_sent_again(as_hanako, shop, settings, mailoutbox):
    settings.EMAIL_BACKEND = "tests.accounts.test_sign_in.FailingBackend"
    failed = as_hanako.post(url("invite", shop), {"email": "jiro@ok.test"}, follow=True)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    as_hanako.post(url("send_again", shop, Invitation.objects.get().public_id))

    assert messages_of(failed) == [
        "We could not send the e-mail to jiro@ok.test. Send the invitation again in a few minutes."
    ]
    assert [message.to for message in mailoutbox] == [["jiro@ok.test"]]


def test_revoke_ends_the_invitation(as_hanako, shop, hanako):
    invitation, _token = invitations.invite(shop, "jiro@ok.test", by=hanako)

    as_hanako.post(url("revoke", shop, invitation.public_id))

    assert Invitation.objects.get().is_open is False


def test_the_right_is_switched(as_hanako, shop, taro):
    address = url("right", shop, taro.memberships.get().public_id)

    as_hanako.post(address, {"granted": "yes"})
    granted = taro.memberships.get().edits_notifications
    as_hanako.post(address, {"granted": "no"})

    assert granted is True
    assert taro.memberships.get().edits_notifications is False


def test_remove_asks_first_and_then_tells_the_person(as_hanako, shop, taro, mailoutbox):
    address = url("remove", shop, taro.memberships.get().public_id)

    asked = as_hanako.get(address)
    still_there = taro.memberships.exists()
    response = as_hanako.post(address, follow=True)

    assert asked.status_code == 200
    assert still_there
    assert not taro.memberships.exists()
    assert messages_of(response) == ["佐藤 太郎 is no longer a member of 花子の器."]
    assert [message.to for message in mailoutbox] == [["taro@ok.test"]]


def test_a_removed_person_sees_the_way_on(client, shop, taro, hanako):
    from accounts.members import memberships

    client.force_login(taro)
    client.get(url("members", shop))
    memberships.remove(taro.memberships.get(), by=hanako)

    refused = client.get(url("members", shop))
    home = client.get(reverse("start"), follow=True)

    assert refused.status_code == 404
    assert home.redirect_chain == [(reverse("accounts:shops"), 302)]
    assert reverse("accounts:open_shop") in home.content.decode()


def test_leave_ends_ones_own_membership_and_not_the_primary_users(client, shop, taro, hanako):
    client.force_login(hanako)
    refused = client.post(url("leave", shop), follow=True)
    client.force_login(taro)
    client.post(url("leave", shop))

    assert messages_of(refused) == ["The primary user cannot leave the shop. Hand over the primary role first."]
    assert list(shop.memberships.values_list("user__name", flat=True)) == ["山田 花子"]


def test_hand_over_needs_the_password(as_hanako, shop, taro, mailoutbox):
    receiver = taro.memberships.get()

    for password in ("", "wrong-wrong-wrong"):
        response = as_hanako.post(url("hand_over", shop), {"to": receiver.public_id, "password": password})
        assert "password" in response.context["form"].errors

    receiver.refresh_from_db()
    assert receiver.role == Role.SECONDARY
    assert mailoutbox == []


def test_guessing_the_password_of_the_hand_over_is_limited(as_hanako, shop, taro):
    receiver = taro.memberships.get()
    for _guess in range(5):
        as_hanako.post(url("hand_over", shop), {"to": receiver.public_id, "password": "wrong-wrong-wrong"})

    as_hanako.post(url("hand_over", shop), {"to": receiver.public_id, "password": PASSWORD})

    receiver.refresh_from_db()
    assert receiver.role == Role.SECONDARY


def test_hand_over_swaps_the_roles_and_tells_both(as_hanako, shop, hanako, taro, mailoutbox):
    response = as_hanako.post(
        url("hand_over", shop), {"to": taro.memberships.get().public_id, "password": PASSWORD}, follow=True
    )

    assert (hanako.memberships.get().role, taro.memberships.get().role) == (Role.SECONDARY, Role.PRIMARY)
    assert messages_of(response) == ["佐藤 太郎 is now the primary user of 花子の器."]
    assert [message.to for message in mailoutbox] == [["taro@ok.test"], ["hanako@ok.test"]]


def test_hand_over_offers_only_secondary_users_of_this_shop(as_hanako, shop, taro, mika):
    response = as_hanako.post(url("hand_over", shop), {"to": mika.memberships.get().public_id, "password": PASSWORD})

    assert list(response.context["form"].errors) == ["to"]
    assert list(response.context["form"].fields["to"].queryset) == [taro.memberships.get()]
    assert mika.memberships.get().role == Role.PRIMARY
