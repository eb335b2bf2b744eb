import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from accounts.activity import operator_log
from accounts.members import invitations
from accounts.models import HistoryEntry, Invitation, Membership, OperatorAction, SellerAccount, User
from tests.conftest import make_operator, make_user

MODELS = (User, SellerAccount, Invitation, HistoryEntry, EmailAddress)


@pytest.fixture
def as_omar(client, omar):
    client.force_login(omar)
    return client


def changelist(model) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")


@pytest.mark.parametrize("model", MODELS)
def test_every_list_can_be_searched_and_opened(as_omar, shop, hanako, taro, model):
    invitations.invite(shop, "jiro@ok.test", by=hanako)
    row = model.objects.order_by("pk").first()

    found = as_omar.get(changelist(model), {"q": shop.public_id})
    opened = as_omar.get(f"{changelist(model)}{row.pk}/change/")

    assert (found.status_code, opened.status_code) == (200, 200)
    assert found.context["cl"].result_count > 0


@pytest.mark.parametrize("model", MODELS)
def test_lists_need_as_many_queries_for_three_rows_as_for_one(as_omar, shop, hanako, model):
    counts = []
    for number in range(3):
        user = make_user(f"u{number}@ok.test", f"U{number}")
        other = SellerAccount.objects.create(name=f"S{number}")
        Membership.objects.create(account=other, user=user, role="primary")
        invitations.invite(other, f"i{number}@ok.test", by=user)
        counts.append(queries(as_omar, changelist(model)))

    assert len(set(counts)) == 1


def queries(client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_secrets_are_shown_nowhere(as_omar, shop, hanako):
    invitation, _token = invitations.invite(shop, "jiro@ok.test", by=hanako)

    pages = [
        as_omar.get(reverse("admin:accounts_user_change", args=[hanako.pk])),
        as_omar.get(reverse("admin:accounts_invitation_change", args=[invitation.pk])),
    ]

    assert not any(
        secret in page.content.decode() for page in pages for secret in (hanako.password, invitation.token_hash)
    )
    assert not admin.site.is_registered(Authenticator)


def test_an_operator_who_is_no_superuser_makes_nobody_an_operator(client, db, hanako):
    from django.contrib.auth.models import Permission

    olga = make_operator("olga@ok.test", "Olga")
    olga.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    client.force_login(olga)
    typed = {"name": "花", "language": "ja", "time_zone": "Asia/Tokyo", "is_active": "on"}

    client.post(
        reverse("admin:accounts_user_change", args=[hanako.pk]),
        typed
        | {"is_staff": "on", "is_superuser": "on", "email": "x@ok.test"}
        | {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0},
    )

    hanako.refresh_from_db()
    assert (hanako.name, hanako.email) == ("花", "hanako@ok.test")
    assert (hanako.is_staff, hanako.is_superuser) == (False, False)


def test_nothing_is_deleted_here(as_omar, shop, hanako):
    for model, row in ((User, hanako), (SellerAccount, shop)):
        address = reverse(f"admin:accounts_{model._meta.model_name}_delete", args=[row.pk])
        assert as_omar.post(address, {"post": "yes"}).status_code == 403

    assert SellerAccount.objects.filter(pk=shop.pk).exists()
    assert User.objects.filter(pk=hanako.pk).exists()


def test_an_operator_confirms_nobody_s_address(as_omar, hanako):
    address = EmailAddress.objects.get(user=hanako)
    EmailAddress.objects.update(verified=False)
    forged = {"email": "x@ok.test", "user": hanako.pk, "verified": "on", "primary": "on"}

    statuses = [
        as_omar.post(reverse("admin:account_emailaddress_add"), forged).status_code,
        as_omar.post(reverse("admin:account_emailaddress_change", args=[address.pk]), forged).status_code,
        as_omar.post(reverse("admin:account_emailaddress_delete", args=[address.pk]), {"post": "yes"}).status_code,
    ]
    as_omar.post(changelist(EmailAddress), {"action": "make_verified", "_selected_action": [address.pk]})

    assert statuses == [403, 403, 403]
    assert set(EmailAddress.objects.values_list("email", "verified")) == {
        ("hanako@ok.test", False),
        ("omar@ok.test", False),
    }


def test_a_seller_does_not_enter(client, hanako):
    client.force_login(hanako)

    assert client.get(changelist(User)).status_code in (302, 403)


def test_switching_a_sign_in_off_is_written_down_for_the_shop(as_omar, shop, hanako, omar):
    form = {"name": hanako.name, "language": "ja", "time_zone": "Asia/Tokyo"}
    inline = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}

    as_omar.post(reverse("admin:accounts_user_change", args=[hanako.pk]), form | inline)

    hanako.refresh_from_db()
    assert hanako.is_active is False
    act = OperatorAction.objects.get()
    assert (act.act, act.account, act.operator) == ("user.changed", shop, omar)
    assert act.detail == {"user": hanako.pk, "fields": ["is_active"]}


def test_acts_are_found_by_what_who_and_whose(as_omar, shop, other_shop, omar):
    olga = make_operator("olga@ok.test", "Olga")
    ours = operator_log.record("delivery.requeued", by=omar, account=shop)
    theirs = operator_log.record("delivery.cancelled", by=olga, account=other_shop)

    def found(**asked):
        return list(as_omar.get(changelist(OperatorAction), asked).context["cl"].result_list)

    assert found() == [theirs, ours]
    assert found(act="delivery.requeued") == [ours]
    assert found(operator=olga.pk) == [theirs]
    assert found(q=shop.public_id) == [ours]
    assert found(account__id__exact=other_shop.pk) == [theirs]


def test_an_act_is_changed_and_deleted_by_nobody(as_omar, shop, omar):
    act = operator_log.record("delivery.requeued", by=omar, account=shop)
    page = reverse("admin:accounts_operatoraction_change", args=[act.pk])

    statuses = [
        as_omar.post(page, {"act": "nothing"}).status_code,
        as_omar.post(reverse("admin:accounts_operatoraction_delete", args=[act.pk]), {"post": "yes"}).status_code,
        as_omar.post(reverse("admin:accounts_operatoraction_add"), {"act": "invented"}).status_code,
    ]

    assert statuses == [403, 403, 403]
    assert OperatorAction.objects.get().act == "delivery.requeued"
