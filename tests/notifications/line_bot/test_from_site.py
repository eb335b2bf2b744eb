"""Linking from the site: OAuth at LINE Login, then our consent."""

import pytest
from django.urls import reverse

from accounts.encryption import decrypt
from accounts.members import memberships
from notifications.models import Deauthorization, LineLink, LinkAttempt
from notifications.recipients.line_account.deauthorization import PURPOSE
from notifications.types.enums import AttemptStage, LinkState
from tests.line_world import query_of

pytestmark = pytest.mark.django_db(transaction=True)


def begin(browser, shop, **data) -> str:
    return browser.post(reverse("notifications:line_start", args=[shop.public_id]), data)["Location"]


def link(line, browser, shop, person, **options) -> None:
    """All the way."""
    consent = browser.get(line.authorize(begin(browser, shop), person, **options))["Location"]
    browser.post(consent, {"agree": "yes", "shop": shop.public_id})
    line.settle()


def attempt() -> tuple[str, str]:
    found = LinkAttempt.objects.latest("created_at")
    return found.stage, found.failure


def test_the_whole_way(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    location = begin(browser, shop)
    back = browser.get(line.authorize(location, flower))
    page = browser.get(back["Location"]).content.decode()

    agreed = browser.post(back["Location"], {"agree": "yes", "shop": shop.public_id})
    line.settle()

    for name in ("花子の器", "山田 花子", "花子"):
        assert name in page
    assert agreed["Location"] == reverse("notifications:line", args=[shop.public_id])
    found = LineLink.objects.get()
    assert (found.state, found.line_user_id, found.linked_by) == (LinkState.LIVE, flower.id, hanako)
    assert line.texts(flower)[-1].startswith("「花子の器」と連携しました")
    assert found.refresh_token
    assert decrypt(found.refresh_token, purpose=PURPOSE) not in str(list(LineLink.objects.values()))


def test_what_is_asked_of_line_is_ours_alone(line, shop, hanako, signed_in):
    location = begin(signed_in(hanako), shop, redirect_uri="https://evil.example", scope="everything")
    query = query_of(location)

    assert location.startswith(f"{line.url}/oauth2/v2.1/authorize?")
    assert query["redirect_uri"].endswith("/line/callback/")
    assert (query["scope"], query["prompt"], query["bot_prompt"]) == ("profile openid", "consent", "aggressive")
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    kept = str(list(LinkAttempt.objects.values()))
    assert query["state"] not in kept
    assert query["nonce"] not in kept


def test_nothing_is_linked_before_somebody_agrees(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)

    consent = browser.get(line.authorize(begin(browser, shop), flower))["Location"]
    browser.get(consent)

    assert not LineLink.objects.exists()
    assert attempt() == (AttemptStage.IDENTIFIED, "")


def test_denied_at_line(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)

    page = browser.get(line.authorize(begin(browser, shop), flower, agree=False))

    assert page.status_code == 200
    assert "LINEで同意がキャンセルされました" in page.content.decode()
    assert attempt() == (AttemptStage.FAILED, "denied_at_line")


def test_denied_on_our_page_also_takes_the_consent_at_line_back(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    consent = browser.get(line.authorize(begin(browser, shop), flower))["Location"]

    browser.post(consent, {"deny": "yes"})
    agreed = browser.post(consent, {"agree": "yes", "shop": shop.public_id})
    line.settle()

    assert agreed.status_code == 410
    assert attempt() == (AttemptStage.DENIED, "")
    assert not LineLink.objects.exists()
    assert not Deauthorization.objects.exists()
    assert line.platform.refresh_tokens._kept == {}


@pytest.mark.parametrize(
    ("fault", "failure", "status"),
    [
        ({"fail": {"token": {"status": 500, "times": 1}}}, "line_down", 503),
        ({"fail": {"token": {"status": 400, "times": 1}}}, "line_refused", 502),
        ({"fail": {"verify": {"status": 400, "times": 1}}}, "line_refused", 502),
        ({"fail": {"friendship": {"status": 503, "times": 1}}}, "line_down", 503),
    ],
)
def test_line_out_of_order_has_its_own_page_and_links_nothing(
    line, flower, shop, hanako, signed_in, fault, failure, status
):
    browser = signed_in(hanako)
    path = line.authorize(begin(browser, shop), flower)
    line.fault(**fault)

    page = browser.get(path)

    assert page.status_code == status
    assert reverse("notifications:line_start", args=[shop.public_id]) in page.content.decode()
    assert attempt() == (AttemptStage.FAILED, failure)
    assert not LineLink.objects.exists()


def test_line_that_cannot_be_reached(line, flower, shop, hanako, signed_in, settings):
    from dataclasses import replace

    browser = signed_in(hanako)
    path = line.authorize(begin(browser, shop), flower)
    settings.LINE = replace(line.server, api_url="http://127.0.0.1:9")

    assert browser.get(path).status_code == 503
    assert attempt() == (AttemptStage.FAILED, "line_down")


def test_another_state_is_another_browser_and_a_retry_without_automatic_sign_in_is_offered(
    line, flower, shop, hanako, signed_in
):
    browser = signed_in(hanako)
    line.fault(wrong_state=True)
    page = browser.get(line.authorize(begin(browser, shop), flower))

    again = query_of(begin(browser, shop, auto_login="no"))

    assert page.status_code == 403
    assert 'name="auto_login" value="no"' in page.content.decode()
    assert again["disable_auto_login"] == "true"
    assert set(LinkAttempt.objects.values_list("stage", flat=True)) == {AttemptStage.STARTED}


def test_a_browser_in_which_nobody_is_signed_in_links_nothing(line, flower, shop, hanako, signed_in, client):
    path = line.authorize(begin(signed_in(hanako), shop), flower)

    page = client.get(path)

    assert page.status_code == 403
    assert attempt() == (AttemptStage.STARTED, "")


def test_somebody_else_s_answer_links_nothing_and_names_both(line, flower, shop, hanako, mika, other_shop, signed_in):
    path = line.authorize(begin(signed_in(hanako), shop), flower)

    page = signed_in(mika).get(path)

    assert page.status_code == 403
    assert "花子の器" in page.content.decode()
    assert "Mika Tanaka" in page.content.decode()
    assert attempt() == (AttemptStage.STARTED, "")


def test_somebody_else_s_consent_page_does_not_exist(line, flower, shop, hanako, mika, signed_in):
    browser = signed_in(hanako)
    consent = browser.get(line.authorize(begin(browser, shop), flower))["Location"]
    other = signed_in(mika)

    looked = other.get(consent)
    agreed = other.post(consent, {"agree": "yes", "shop": shop.public_id})

    assert (looked.status_code, agreed.status_code) == (404, 404)
    assert "花子" not in looked.content.decode()
    assert attempt() == (AttemptStage.IDENTIFIED, "")


def test_a_replayed_answer_changes_nothing(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    path = line.authorize(begin(browser, shop), flower)
    consent = browser.get(path)["Location"]

    replayed = browser.get(path)
    still = browser.post(consent, {"agree": "yes", "shop": shop.public_id})
    after_all = browser.get(path)

    assert (replayed.status_code, still.status_code, after_all.status_code) == (410, 302, 410)
    assert LineLink.objects.count() == 1


def test_a_code_of_another_attempt_is_refused(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    stolen = query_of(line.authorize(begin(browser, shop), flower))["code"]
    own = query_of(begin(browser, shop))

    page = browser.get(f"/line/callback/?code={stolen}&state={own['state']}")

    assert page.status_code == 502  # PKCE: the verifier belongs to another challenge
    assert not LineLink.objects.exists()


def test_an_answer_after_ten_minutes_is_too_late(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    path = line.authorize(begin(browser, shop), flower)
    LinkAttempt.objects.update(expires_at="2020-01-01T00:00Z")

    page = browser.get(path)

    assert page.status_code == 410
    assert attempt() == (AttemptStage.STARTED, "")


def test_a_secondary_user_cannot_begin(line, shop, hanako, taro, signed_in):
    response = signed_in(taro).post(reverse("notifications:line_start", args=[shop.public_id]))

    assert response.status_code == 403
    assert not LinkAttempt.objects.exists()


def test_a_role_lost_before_agreeing_links_nothing(line, flower, shop, hanako, taro, signed_in):
    browser = signed_in(hanako)
    consent = browser.get(line.authorize(begin(browser, shop), flower))["Location"]
    memberships.hand_over(shop, by=hanako, to=taro.memberships.get())

    page = browser.post(consent, {"agree": "yes", "shop": shop.public_id})

    assert page.status_code == 403
    assert not LineLink.objects.exists()


def test_the_same_line_user_again_changes_nothing(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    link(line, browser, shop, flower)
    before = LineLink.objects.get()

    link(line, browser, shop, flower)

    after = LineLink.objects.get()
    assert (after.pk, after.linked_at, after.state) == (before.pk, before.linked_at, LinkState.LIVE)
    assert len([text for text in line.texts(flower) if "連携しました" in text]) == 1


def test_another_line_user_replaces_only_after_an_explicit_choice(line, flower, shop, hanako, signed_in):
    browser, emma = signed_in(hanako), line.person("Emma")
    link(line, browser, shop, flower)
    consent = browser.get(line.authorize(begin(browser, shop), emma))["Location"]
    old = LineLink.objects.get()

    asked = browser.post(consent, {"agree": "yes", "shop": shop.public_id})
    unchanged = list(LineLink.objects.values_list("line_user_id", "state"))
    browser.post(consent, {"agree": "yes", "shop": shop.public_id, "replace": str(old.pk)})
    line.settle()

    assert asked.status_code == 409
    assert unchanged == [(flower.id, LinkState.LIVE)]
    links = {one.line_user_id: (one.state, one.end_reason) for one in LineLink.objects.all()}
    assert links == {flower.id: (LinkState.ENDED, "replaced"), emma.id: (LinkState.LIVE, "")}
    assert line.texts(flower)[-1].startswith("「花子の器」との連携が解除されました")
    assert line.texts(emma)[-1].startswith("“花子の器” is linked")


def test_keeping_the_old_one_changes_nothing(line, flower, shop, hanako, signed_in):
    browser, emma = signed_in(hanako), line.person("Emma")
    link(line, browser, shop, flower)
    consent = browser.get(line.authorize(begin(browser, shop), emma))["Location"]

    browser.post(consent, {"deny": "yes"})

    assert list(LineLink.objects.values_list("line_user_id", "state")) == [(flower.id, LinkState.LIVE)]


def test_linked_but_no_friend_waits_and_goes_live_on_follow(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    link(line, browser, shop, flower, add_friend=False)
    waiting = LineLink.objects.get().state
    page = browser.get(reverse("notifications:line", args=[shop.public_id])).content.decode()

    line.follow(flower)

    assert waiting == LinkState.WAITING
    assert "友だち追加" in page
    assert LineLink.objects.get().state == LinkState.LIVE
    assert len([text for text in line.texts(flower) if "と連携しました" in text]) == 1


def test_the_callback_may_be_silent_about_the_friendship(line, flower, shop, hanako, signed_in):
    line.fault(omit_friendship_change=True)

    link(line, signed_in(hanako), shop, flower)

    assert LineLink.objects.get().state == LinkState.LIVE
