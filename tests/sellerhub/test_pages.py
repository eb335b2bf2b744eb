"""What every page has: errors in words, a strict policy, the person's language and look."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

import sellerhub.urls
from accounts.models import Membership


def break_down(request: HttpRequest, how: str) -> HttpResponse:
    if how == "400":
        raise BadRequest
    if how == "403":
        raise PermissionDenied
    raise RuntimeError("on purpose")


urlpatterns = [*sellerhub.urls.urlpatterns, path("break/<str:how>/", break_down)]


@pytest.mark.parametrize(
    ("how", "code", "ja", "en"),
    [
        ("400", 400, "リクエストを読み取れませんでした", "The request could not be read"),
        ("403", 403, "この操作は許可されていません", "You may not do this"),
        ("404", 404, "ページが見つかりません", "This page does not exist"),
        ("500", 500, "システム側で問題が発生しました", "Something went wrong on our side"),
    ],
)
@pytest.mark.parametrize("language", ["ja", "en"])
@override_settings(ROOT_URLCONF=__name__)
def test_errors_are_told_in_both_languages(db, how, code, ja, en, language):
    client = Client(raise_request_exception=False, headers={"accept-language": language})

    response = client.get("/nowhere/" if how == "404" else f"/break/{how}/")

    assert response.status_code == code
    assert f"<h1>{ja if language == 'ja' else en}</h1>" in response.content.decode()
    assert f'<html lang="{language}"' in response.content.decode()


def test_a_forged_form_is_told_in_words(db):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    response = client.post(reverse("theme"), {"theme": "dark"})

    assert response.status_code == 403
    assert "The form has expired" in response.content.decode()


def test_no_page_allows_scripts_or_styles_from_elsewhere_or_inline(db, client):
    policy = client.get(reverse("account_login"))["Content-Security-Policy"]

    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize(("chosen", "look"), [("dark", "dark"), ("light", "light"), ("auto", "light")])
def test_the_chosen_look_is_remembered_without_javascript(db, client, chosen, look):
    response = client.post(reverse("theme"), {"theme": chosen, "next": reverse("account_login")}, follow=True)

    page = response.content.decode()
    assert f'data-theme="{chosen}" data-bs-theme="{look}"' in page


def test_the_look_form_never_sends_anyone_to_another_site(db, client):
    response = client.post(reverse("theme"), {"theme": "dark", "next": "https://elsewhere.example/"})

    assert response["Location"] == "/"


def test_the_start_page_goes_to_the_shop_looked_at_last(client, shop, hanako, other_shop):
    theirs = Membership.objects.create(account=other_shop, user=hanako)
    own_home, other_home = (reverse("home", args=[account.public_id]) for account in (shop, other_shop))
    client.force_login(hanako)

    at_first = client.get("/")
    client.get(other_home)
    afterwards = client.get("/")
    theirs.delete()
    left = client.get("/")

    assert [response["Location"] for response in (at_first, afterwards, left)] == [own_home, other_home, own_home]


def test_the_start_page_of_somebody_without_a_shop_lists_shops(client, omar):
    client.force_login(omar)

    response = client.get("/")

    assert response["Location"] == reverse("accounts:shops")


def test_strangers_are_asked_to_sign_in(db, client):
    response = client.get("/")

    assert response["Location"] == f"{reverse('account_login')}?next=/"
