"""Every type in every language can be looked at, as mail, on LINE and on the site."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import SellerAccount, User
from notifications.models import Notification
from notifications.types.definitions import TYPES

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def operator(client: Client, omar: User) -> Client:
    client.force_login(omar)
    return client


def url(part: str, type_key: str, language: str) -> str:
    return reverse(f"admin:preview{part}", args=[type_key, language])


def test_the_index_names_all_of_them(operator: Client) -> None:
    page = operator.get(reverse("admin:previews")).content.decode()

    assert [key for key in TYPES for code in LANGUAGES if url("", key, code) not in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_drawn_for_each_road(operator: Client, language: str) -> None:
    for key, kind in TYPES.items():
        page, mail, site = (operator.get(url(part, key, language)) for part in ("", "_mail", "_site"))

        assert (page.status_code, mail.status_code, site.status_code) == (200, 200, 200), key
        assert (page.context["bubble"] is not None) is kind.line, key
        assert f'lang="{language}"' in mail.content.decode(), key
        assert f'<html lang="{language}"' in site.content.decode(), key
    assert not Notification.objects.exists()
    assert not SellerAccount.objects.exists()


def test_a_mail_is_drawn_in_a_frame_of_ours_and_may_do_nothing(operator: Client) -> None:
    mail = operator.get(url("_mail", "order_confirmed", "ja"))

    assert mail["X-Frame-Options"] == "SAMEORIGIN"
    policy = dict(part.strip().split(" ", 1) for part in mail["Content-Security-Policy"].split(";") if part.strip())
    assert policy == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
    }


@pytest.mark.parametrize(("type_key", "language"), [("nothing", "ja"), ("order_confirmed", "fr")])
def test_what_is_not_there_is_not_found(operator: Client, type_key: str, language: str) -> None:
    answers = [operator.get(url(part, type_key, language)).status_code for part in ("", "_mail", "_site")]

    assert answers == [404, 404, 404]
