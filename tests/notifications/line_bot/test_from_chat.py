"""Linking from the chat, against LINE over real HTTP."""

import pytest
from django.core import mail
from django.test import Client

from accounts.members import memberships
from accounts.models import HistoryEntry
from notifications.models import LineLink, LinkAttempt
from notifications.types.enums import AttemptStage, LinkState
from tests.line_world import query_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_whole_way_from_greeting_to_welcome(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    line.follow(flower)
    path = line.link_from_chat(flower)

    page = opened(browser, path)
    assert page.status_code == 200
    assert "花子の器" in page.content.decode()
    assert "山田 花子" in page.content.decode()
    agreed = agree(browser, path, shop)
    assert line.open_dialog(agreed["Location"], flower) == 200

    link = LineLink.objects.get()
    assert (link.state, link.account, link.linked_by, link.line_user_id) == ("live", shop, hanako, flower.id)
    assert "連携済み" in opened(browser, path).content.decode()
    assert line.texts(flower)[-1].startswith("「花子の器」と連携しました")
    assert [message.subject for message in mail.outbox] == ["「花子の器」にLINEアカウントが連携されました"]
    assert HistoryEntry.objects.filter(account=shop, action="line.linked", actor=hanako).count() == 1


def opened(browser, path):
    """Open the link from the chat; the page that it leads to."""
    return browser.get(path, follow=True)


def agree(browser, path, shop, **more):
    page = browser.get(path)
    where = page["Location"] if page.status_code == 302 else path
    return browser.post(where, {"agree": "yes", "shop": shop.public_id, **more})


def stage(**where) -> str:
    return LinkAttempt.objects.get(**where).stage


def test_looking_changes_nothing_not_even_twice_or_by_a_preview(line, flower, shop, hanako, signed_in, client):
    line.follow(flower)
    path = line.link_from_chat(flower)
    before = list(LinkAttempt.objects.values())

    client.get(path)
    browser = signed_in(hanako)
    pages = [opened(browser, path), opened(browser, path), browser.head(path, follow=True)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert list(LinkAttempt.objects.values()) == before
    assert not LineLink.objects.exists()


def test_a_visitor_signs_in_first_and_comes_back(line, flower, shop, hanako, client):
    line.follow(flower)
    path = line.link_from_chat(flower)

    consent = client.get(path)["Location"]
    response = client.get(consent)
    client.force_login(hanako)

    assert (response.status_code, response["Location"]) == (302, f"/account/login/?next={consent}")
    assert path.split("/")[-2] not in response["Location"]
    assert client.get(consent).status_code == 200


def test_the_pages_are_kept_nowhere_and_name_no_referrer(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    browser = signed_in(hanako)

    step = browser.get(path)
    page = browser.get(step["Location"])
    to_line = agree(browser, path, shop)

    token = path.split("/")[-2]
    assert token not in step["Location"]
    assert [one["Referrer-Policy"] for one in (step, page, to_line)] == [
        "no-referrer",
        "same-origin",
        "no-referrer",
    ]
    assert "no-store" in step["Cache-Control"]
    assert "no-store" in page["Cache-Control"]
    assert f"form-action 'self' {line.url}" in page["Content-Security-Policy"]


def test_of_the_secrets_only_hashes_are_kept(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    token = path.rstrip("/").rpartition("/")[2]

    location = agree(signed_in(hanako), path, shop)["Location"]
    kept = str(list(LinkAttempt.objects.values()))

    assert token in location
    assert token not in kept
    assert location.rpartition("nonce=")[2] not in kept


def test_who_knows_only_the_id_of_an_attempt_sees_nothing(line, flower, shop, hanako, mika, signed_in):
    line.follow(flower)
    line.link_from_chat(flower)
    attempt = LinkAttempt.objects.get()
    browser = signed_in(mika)

    looked = browser.get(f"/line/consent/{attempt.pk}/")
    agreed = browser.post(f"/line/consent/{attempt.pk}/", {"agree": "yes"})

    assert (looked.status_code, agreed.status_code) == (404, 404)
    assert "花子" not in looked.content.decode()


def test_forms_of_a_real_browser_pass_the_check_against_forged_requests(line, flower, shop, hanako, live_server):
    line.follow(flower)
    path = line.link_from_chat(flower)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(hanako)
    page = browser.get(path, follow=True)
    token = page.context["csrf_token"]
    where = page.redirect_chain[-1][0]
    form = {"agree": "yes", "shop": shop.public_id, "csrfmiddlewaretoken": str(token)}

    forged = browser.post(where, form, headers={"origin": "https://evil.example"})
    own = browser.post(where, form, headers={"origin": "http://testserver"})

    assert (forged.status_code, own.status_code) == (403, 302)


def test_an_expired_link_says_so_and_links_nothing(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    browser = signed_in(hanako)
    consent = browser.get(path)["Location"]
    LinkAttempt.objects.update(expires_at="2020-01-01T00:00Z")

    looked = opened(browser, path)
    agreed = browser.post(consent, {"agree": "yes", "shop": shop.public_id})

    assert (looked.status_code, agreed.status_code) == (410, 410)
    assert "期限切れ" in looked.content.decode()
    assert stage() == AttemptStage.STARTED
    assert not LineLink.objects.exists()


def test_a_link_works_once(line, flower, shop, hanako, mika, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    browser = signed_in(hanako)
    line.open_dialog(agree(browser, path, shop)["Location"], flower)

    again = agree(browser, path, shop)
    by_another = opened(signed_in(mika), path)

    assert again.status_code == 200
    assert "連携済み" in again.content.decode()
    assert by_another.status_code == 403
    assert LineLink.objects.count() == 1


def test_a_link_that_never_was_is_not_valid(line, client):
    page = client.get("/line/link/nobody-knows/")

    assert page.status_code == 404


def test_a_secondary_user_is_stopped_before_the_nonce(line, flower, shop, hanako, taro, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    browser = signed_in(taro)

    looked, agreed = opened(browser, path), agree(browser, path, shop)

    assert (looked.status_code, agreed.status_code) == (403, 403)
    for name in ("佐藤 太郎", "山田 花子", "花子の器"):
        assert name in looked.content.decode()
    assert LinkAttempt.objects.get().nonce_hash is None
    assert stage() == AttemptStage.STARTED


def test_somebody_cannot_agree_for_another_s_shop(line, flower, shop, hanako, mika, other_shop, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    browser = signed_in(mika)

    page = opened(browser, path)
    agreed = agree(browser, path, shop)

    assert "Mika Books" in page.content.decode()
    assert "花子の器" not in page.content.decode()
    assert agreed.status_code == 200  # asked again: that shop is none of hers
    assert stage() == AttemptStage.STARTED


def test_somebody_without_a_shop_is_told_so(line, flower, shop, hanako, omar, signed_in):
    line.follow(flower)

    page = opened(signed_in(omar), line.link_from_chat(flower))

    assert page.status_code == 403
    assert "Omar Haddad" in page.content.decode()


def test_whoever_does_not_agree_links_nothing(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    browser = signed_in(hanako)

    denied = browser.post(browser.get(path)["Location"], {"deny": "yes"})
    agreed = agree(browser, path, shop)

    assert denied.status_code == 200
    assert agreed.status_code == 410
    assert stage() == AttemptStage.DENIED
    assert not LineLink.objects.exists()


def test_the_dialog_by_another_line_user_links_nothing(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    location = agree(signed_in(hanako), path, shop)["Location"]

    status = line.open_dialog(location, line.person("Emma"))

    assert status == 400
    assert stage() == AttemptStage.FAILED
    assert not LineLink.objects.exists()


def test_news_of_another_line_user_than_the_token_s_link_nothing(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    location = agree(signed_in(hanako), path, shop)["Location"]
    nonce = query_of(location)["nonce"]
    emma = line.person("Emma")

    line.platform.tell("accountLink", emma, link={"result": "ok", "nonce": nonce})
    line.settle()

    attempt = LinkAttempt.objects.get()
    assert (attempt.stage, attempt.failure) == (AttemptStage.FAILED, "wrong_line_user")
    assert not LineLink.objects.exists()


def test_a_nonce_that_nobody_was_given_links_nothing(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    agree(signed_in(hanako), line.link_from_chat(flower), shop)

    line.platform.tell("accountLink", flower, link={"result": "ok", "nonce": "x" * 40})
    line.settle()

    assert stage() == AttemptStage.AGREED
    assert not LineLink.objects.exists()


def test_without_line_s_answer_the_page_waits_and_then_gives_up(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    browser = signed_in(hanako)
    agree(browser, path, shop)

    waiting = opened(browser, path).content.decode()
    LinkAttempt.objects.update(expires_at="2020-01-01T00:00Z")
    given_up = opened(browser, path).content.decode()

    assert "LINEの応答を待っています" in waiting
    assert "every 2s" in waiting
    assert "LINEで確認できませんでした" in given_up
    assert "every 2s" not in given_up


def test_an_answer_that_comes_twice_and_late_makes_one_link_and_one_welcome(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    line.fault(webhooks={"duplicate": True})
    location = agree(signed_in(hanako), path, shop)["Location"]

    line.open_dialog(location, flower)
    line.platform.tell("accountLink", flower, link={"result": "ok", "nonce": query_of(location)["nonce"]})
    line.settle()

    assert LineLink.objects.count() == 1
    assert len([text for text in line.texts(flower) if "連携しました" in text]) == 1


def test_news_in_the_wrong_order_come_to_the_same_end(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    location = agree(signed_in(hanako), path, shop)["Location"]
    line.fault(webhooks={"hold": True})
    line.open_dialog(location, flower)
    line.platform.block(flower)

    line.platform.webhooks.release(turned=True)
    line.fault(webhooks={"hold": False})
    line.settle()

    assert LineLink.objects.get().state == LinkState.BLOCKED


def test_a_role_that_was_handed_over_meanwhile_links_nothing(line, flower, shop, hanako, taro, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    location = agree(signed_in(hanako), path, shop)["Location"]
    memberships.hand_over(shop, by=hanako, to=taro.memberships.get())

    line.open_dialog(location, flower)

    attempt = LinkAttempt.objects.get()
    assert (attempt.stage, attempt.failure) == (AttemptStage.FAILED, "not_primary")
    assert not LineLink.objects.exists()


def test_one_line_user_may_serve_several_shops_and_each_message_names_its_own(
    line, flower, shop, hanako, other_shop, mika, signed_in
):
    line.follow(flower)
    for user, account in ((hanako, shop), (mika, other_shop)):
        path = line.link_from_chat(flower)
        page = opened(signed_in(user), path).content.decode()
        line.open_dialog(agree(signed_in(user), path, account)["Location"], flower)
        assert ("花子の器" in page) is (account == shop)

    assert LineLink.objects.filter(state=LinkState.LIVE).count() == 2
    welcomes = [text for text in line.texts(flower) if "連携しました" in text]
    assert [name in text for name, text in zip(["花子の器", "Mika Books"], welcomes, strict=True)] == [True, True]


def test_a_person_with_several_shops_chooses(line, flower, shop, hanako, signed_in):
    second = memberships.open_account(hanako, name="花子の布", language="ja", time_zone="Asia/Tokyo")
    line.follow(flower)
    path = line.link_from_chat(flower)
    browser = signed_in(hanako)

    page = opened(browser, path).content.decode()
    line.open_dialog(agree(browser, path, second)["Location"], flower)

    assert page.count('type="radio"') == 2
    assert LineLink.objects.get().account == second


def test_line_that_gives_no_token_is_told_in_the_chat(line, flower):
    line.follow(flower)
    line.fault(fail={"linkToken": {"status": 500, "times": 1}})

    line.tap(flower, "ショップを連携")

    assert line.texts(flower)[-1].startswith("うまくいきませんでした")
    assert not LinkAttempt.objects.exists()


def test_the_language_of_the_line_user_counts(line, shop, hanako):
    emma = line.person("Emma")

    line.follow(emma)

    assert line.texts(emma)[0].startswith("Thank you for adding us")
