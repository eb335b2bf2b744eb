"""Sign-up, sign-in and what the mails of these pages say."""

import re
import smtplib

import pytest
from allauth.account.internal.flows import manage_email
from allauth.account.models import EmailAddress
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from accounts.mail import sign_in_messages
from accounts.models import HistoryEntry, Membership, SellerAccount, User
from accounts.roles import Role
from tests.conftest import PASSWORD

SIGN_UP = {
    "name": "鈴木　一子",
    "shop_name": "Ｉｃｈｉｋｏ  Books",
    "email": "ＩＣＨＩＫＯ＠ok.test ",
    "password1": "a-long-Passphrase-9",
    "time_zone": "Asia/Tokyo",
}


class FailingBackend(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("gone")


@pytest.fixture
def broken_mail(settings, mailoutbox):
    settings.EMAIL_BACKEND = "tests.accounts.test_sign_in.FailingBackend"
    return settings


def link_in(message: django_mail.EmailMessage) -> str:
    return re.search(r"https?://[^/\s]+(/\S+)", message.body).group(1)


def test_sign_up_opens_a_shop_and_waits_for_the_confirmation(client, db, mailoutbox):
    response = client.post(reverse("account_signup"), SIGN_UP, headers={"accept-language": "en"})

    user = User.objects.get()
    assert response.url == reverse("account_email_verification_sent")
    assert (user.email, user.name, user.language, user.time_zone) == (
        *("ichiko@ok.test", "鈴木 一子", "en", "Asia/Tokyo"),
    )
    membership = Membership.objects.get()
    assert (membership.user, membership.role, membership.account.name) == (user, Role.PRIMARY, "Ichiko Books")
    assert membership.account.language == "en"
    assert HistoryEntry.objects.get().action == "account.opened"
    assert not EmailAddress.objects.get().verified
    assert [message.to for message in mailoutbox] == [["ichiko@ok.test"]]
    assert client.get(reverse("start")).status_code == 302


def test_the_link_in_the_mail_confirms_and_signs_in(client, db, mailoutbox):
    client.post(reverse("account_signup"), SIGN_UP)
    link = link_in(mailoutbox[0])

    looked = client.get(link)
    verified_by_looking = EmailAddress.objects.get().verified
    confirmed = client.post(link)

    assert looked.status_code == 200
    assert verified_by_looking is False
    assert EmailAddress.objects.get().verified
    assert confirmed.url == reverse("start")
    assert client.get(reverse("start")).url == reverse("home", args=[SellerAccount.objects.get().public_id])


def test_sign_up_tells_all_errors_and_keeps_what_was_typed(client, db):
    typed = SIGN_UP | {"email": "nonsense", "password1": "12345", "shop_name": "　", "time_zone": "Mars/Base"}

    response = client.post(reverse("account_signup"), typed)

    form = response.context["form"]
    assert response.status_code == 200
    assert set(form.errors) == {"email", "password1", "shop_name", "time_zone"}
    assert 'value="nonsense"' in response.content.decode()
    assert not User.objects.exists()
    assert not SellerAccount.objects.exists()


def test_sign_up_does_not_tell_whether_an_address_is_known(client, hanako, mailoutbox):
    response = client.post(reverse("account_signup"), SIGN_UP | {"email": "hanako@ok.test"})

    assert response.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert SellerAccount.objects.count() == 1
    assert [message.to for message in mailoutbox] == [["hanako@ok.test"]]
    assert reverse("account_reset_password") in mailoutbox[0].body


def test_a_second_click_on_sign_up_is_answered_like_the_first(client, hanako, mailoutbox, monkeypatch):
    monkeypatch.setattr(manage_email, "email_already_exists", lambda email: (email, False))

    response = client.post(reverse("account_signup"), SIGN_UP | {"email": "hanako@ok.test"})

    assert response.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert SellerAccount.objects.count() == 1


def test_a_failing_mail_server_keeps_the_sign_up_and_says_so(client, broken_mail, db, caplog):
    response = client.post(reverse("account_signup"), SIGN_UP, headers={"accept-language": "en"}, follow=True)

    texts = [str(message) for message in response.context["messages"]]
    assert response.status_code == 200
    assert texts == ["We could not send the e-mail. Please try again in a few minutes."]
    assert User.objects.get().email == "ichiko@ok.test"
    assert "ichiko" not in caplog.text
    assert "SMTPServerDisconnected" in caplog.text

    broken_mail.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    again = client.post(reverse("accounts:confirm_again"))
    assert again.url == reverse("account_email_verification_sent")
    assert [message.to for message in django_mail.outbox] == [["ichiko@ok.test"]]


def test_the_confirmation_is_not_sent_twice_within_minutes(client, db, mailoutbox):
    client.post(reverse("account_signup"), SIGN_UP)

    response = client.post(reverse("accounts:confirm_again"), follow=True)

    assert len(mailoutbox) == 1
    assert response.redirect_chain[0][0] == reverse("account_email_verification_sent")


def test_asking_again_without_a_sign_up_leads_to_sign_in(client, db, mailoutbox):
    response = client.post(reverse("accounts:confirm_again"))

    assert response.url == reverse("account_login")
    assert mailoutbox == []


def sign_in(client, email="hanako@ok.test", password=PASSWORD, **data):
    return client.post(reverse("account_login"), {"login": email, "password": password, **data})


def test_sign_in_takes_full_width_letters_and_leads_to_the_shop(client, hanako):
    response = sign_in(client, email="ＨＡＮＡＫＯ＠ok.test ")

    assert response.url == reverse("start")
    assert client.session["_auth_user_id"] == str(hanako.pk)


def test_next_leads_only_to_this_site(client, hanako):
    assert sign_in(client, next="/profile/").url == "/profile/"
    client.logout()
    assert sign_in(client, next="https://evil.test/").url == reverse("start")
    client.logout()
    assert sign_in(client, next="//evil.test/").url == reverse("start")


def test_wrong_passwords_are_limited(client, hanako):
    for _attempt in range(5):
        sign_in(client, password="wrong-wrong-wrong")

    response = sign_in(client)

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("language", "heading"), [("ja", "操作の回数が上限に達しました"), ("en", "Too many tries")])
def test_a_flood_of_sign_ins_is_stopped_in_words(client, hanako, language, heading):
    client.cookies["django_language"] = language

    responses = [sign_in(client, password="wrong-wrong-wrong") for _attempt in range(31)]

    assert responses[-1].status_code == 429
    assert f"<h1>{heading}</h1>" in responses[-1].content.decode()


def test_a_reset_password_works_and_the_mail_is_in_the_persons_language(client, hanako, mika, mailoutbox):
    for user in (hanako, mika):
        client.post(reverse("account_reset_password"), {"email": user.email}, headers={"accept-language": "en"})
    link = link_in(mailoutbox[1])

    page = client.get(link)
    client.post(page.url, {"password1": "another-Long-one-7", "password2": "another-Long-one-7"})

    assert '<html lang="ja">' in mailoutbox[0].alternatives[0][0]
    assert mailoutbox[1].subject == "Set a new password"
    mika.refresh_from_db()
    assert mika.check_password("another-Long-one-7")
    assert sign_in(client, "mika@ok.test", "another-Long-one-7").url == reverse("start")


def change_address(client, email):
    """Asks for the password on the way."""
    asked = client.post(reverse("account_email"), {"email": email, "action_add": "1"})
    return client.post(asked.url, {"password": PASSWORD, "next": reverse("account_email")})


def test_a_changed_address_takes_effect_with_its_link(client, hanako, mailoutbox):
    sign_in(client)
    change_address(client, "new@ok.test")
    hanako.refresh_from_db()
    before = hanako.email

    client.post(link_in(mailoutbox[0]))

    hanako.refresh_from_db()
    assert before == "hanako@ok.test"
    assert hanako.email == "new@ok.test"
    assert [message.to for message in mailoutbox] == [["new@ok.test"], ["hanako@ok.test"]]


def test_an_address_that_somebody_else_signs_in_with_cannot_be_taken(client, hanako, taro, mailoutbox):
    EmailAddress.objects.filter(user=taro).update(verified=False)
    sign_in(client)
    change_address(client, "taro@ok.test")

    response = client.post(link_in(mailoutbox[0]), follow=True)

    hanako.refresh_from_db()
    assert response.status_code == 200
    assert hanako.email == "hanako@ok.test"


def test_a_sensitive_change_asks_for_the_password_again_after_a_while(client, hanako):
    client.force_login(hanako)

    response = client.get(reverse("mfa_activate_totp"))

    assert response.url.startswith(reverse("account_reauthenticate"))


def test_every_mail_of_allauth_has_its_letter():
    from pathlib import Path

    import allauth

    folder = Path(allauth.__file__).parent / "templates"
    mails = {
        str(path.relative_to(folder)).removesuffix("_subject.txt")
        for app in ("account", "mfa")
        for path in (folder / app / "email").glob("*_subject.txt")
    }
    codes = {"account/email/login_code", "account/email/password_reset_code"}

    assert set(sign_in_messages.LETTERS) == mails - codes


def test_a_mail_is_text_and_html_and_escapes_what_people_typed(client, db, mailoutbox):
    client.post(reverse("account_signup"), SIGN_UP | {"name": "<b>Eve</b>"}, headers={"accept-language": "en"})

    message = mailoutbox[0]
    html, kind = message.alternatives[0]
    assert message.subject == "Confirm your e-mail address"
    assert "Welcome to SellerHub, <b>Eve</b>." in message.body
    assert kind == "text/html"
    assert "Welcome to SellerHub, &lt;b&gt;Eve&lt;/b&gt;." in html
    assert '<html lang="en">' in html
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("path", ["login/code/", "signup/passkey/", "3rdparty/", "social/signup/", "phone/change/"])
def test_ways_in_that_we_do_not_offer_do_not_exist(client, db, path):
    assert client.get(f"/account/{path}").status_code == 404
