"""Each rule by itself: where two stand one behind the other, either must hold alone."""

from datetime import timedelta
from threading import BoundedSemaphore

import pytest
from django.core import mail
from django.utils import timezone

from accounts.encryption import encrypt
from accounts.models import Membership, Plan, SellerAccount
from accounts.roles import Role
from notifications import delivery, line_bot
from notifications.channels import internal_reasons
from notifications.channels.base import PauseRequest
from notifications.channels.line.webhook import nonce_hash
from notifications.models import (
    ChannelPause,
    Deauthorization,
    LineEvent,
    LineLink,
    LineNotice,
    LineUser,
    LinkAttempt,
)
from notifications.queue import channel_pause, outbox
from notifications.recipients import line_account
from notifications.recipients.line_account import attempts, deauthorization, friendship
from notifications.recipients.line_account.attempts import from_site
from notifications.recipients.line_account.attempts.steps import advance
from notifications.recipients.line_account.problems import Problem, StoppedError
from notifications.types.enums import AttemptStage, Channel, DeliveryStatus, LinkOrigin, LinkState, PauseReason
from notifications.web.views.line import consent
from tests.notifications.line_bot.test_from_site import begin
from tests.notifications.line_bot.test_life import tell
from tests.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(db) -> LineUser:
    return LineUser.objects.create(user_id="U1", name="花子")


def attempt(person, **fields) -> LinkAttempt:
    """In the chat, unless it is said otherwise; nobody agreed yet."""
    values = {
        "way": LinkOrigin.CHAT,
        "secret_hash": "0" * 64,
        "line_user": person,
        "expires_at": timezone.now() + timedelta(minutes=10),
    }
    return LinkAttempt.objects.create(**values | fields)


def agreed(person, shop, hanako, **fields) -> LinkAttempt:
    values = {"stage": AttemptStage.AGREED, "nonce_hash": nonce_hash("n"), "user": hanako, "account": shop}
    return attempt(person, **values | {"agreed_at": timezone.now()} | fields)


def test_a_secondary_user_gets_no_nonce(person, shop, hanako, taro):
    with pytest.raises(StoppedError) as stopped:
        attempts.agree(attempt(person), taro, shop, replaces=None, link_token="t")

    assert stopped.value.problem == Problem.NOT_PRIMARY
    assert LinkAttempt.objects.get().stage == AttemptStage.STARTED


def test_an_attempt_begun_for_one_shop_links_no_other_of_the_same_person(person, shop, hanako):
    second = SellerAccount.objects.create(name="花子の茶", plan=Plan.PROFESSIONAL, language="ja")
    Membership.objects.create(account=second, user=hanako, role=Role.PRIMARY)
    begun = attempt(person, way=LinkOrigin.SITE, stage=AttemptStage.IDENTIFIED, user=hanako, account=shop)

    with pytest.raises(StoppedError):
        attempts.agree(begun, hanako, second, replaces=None)

    assert not LineLink.objects.exists()


@pytest.mark.parametrize("stage", [AttemptStage.DENIED, AttemptStage.FAILED, AttemptStage.LINKED])
def test_what_is_over_can_not_be_agreed_to(person, hanako, stage):
    with pytest.raises(StoppedError) as stopped:
        attempts.check_consent(attempt(person, stage=stage), hanako)

    assert stopped.value.problem == Problem.USED


def test_a_step_is_taken_from_its_own_stage_only(person):
    denied = attempt(person, stage=AttemptStage.DENIED)

    assert advance(denied, AttemptStage.STARTED, AttemptStage.AGREED) is False
    assert LinkAttempt.objects.get().stage == AttemptStage.DENIED


def test_of_two_answers_at_once_the_second_asks_line_nothing(line, flower, shop, hanako, signed_in, monkeypatch):
    browser = signed_in(hanako)
    back = line.authorize(begin(browser, shop), flower)
    monkeypatch.setattr(from_site, "advance", lambda *arguments, **fields: False)

    page = browser.get(back)

    assert page.status_code == 410
    assert line.platform.refresh_tokens._kept == {}


def test_a_failed_answer_for_the_right_user_links_nothing(person, shop, hanako):
    agreed(person, shop, hanako)

    problem = attempts.complete(nonce=nonce_hash("n"), user_id="U1", succeeded=False, at=timezone.now())

    assert problem == Problem.LINE_REFUSED
    assert not LineLink.objects.exists()


def test_an_answer_long_after_its_time_links_nothing(person, shop, hanako):
    begun = agreed(person, shop, hanako)

    problem = attempts.complete(
        nonce=nonce_hash("n"), user_id="U1", succeeded=True, at=begun.expires_at + timedelta(minutes=6)
    )

    assert problem == Problem.EXPIRED
    assert not LineLink.objects.exists()


def test_whoever_line_login_calls_no_friend_is_none_any_more(line, flower, shop, hanako, signed_in, linked):
    browser = signed_in(hanako)
    location = begin(browser, shop)
    line.fault(webhooks={"drop": True})
    line.platform.block(flower)

    browser.get(line.authorize(location, flower, add_friend=False))

    assert LineUser.objects.get(pk=flower.id).is_friend is False


def test_what_a_worker_has_in_hand_is_left_to_it(line, flower, shop, linked):
    waiting = tell(shop)
    delivery.claims.claim(10, length=timedelta(minutes=2), channel=Channel.LINE)

    friendship.blocked(flower.id, at=timezone.now())

    waiting.refresh_from_db()
    assert waiting.status == DeliveryStatus.QUEUED


def test_after_a_block_it_says_that_it_was_a_block(line, flower, shop, linked):
    waiting = tell(shop)
    LineLink.objects.update(state=LinkState.BLOCKED)

    delivery.run(channel=Channel.LINE, max_seconds=LIMIT_SECONDS)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.answer) == (DeliveryStatus.CANCELLED, internal_reasons.LINK_BLOCKED)


def test_a_deauthorization_that_line_never_takes_is_dropped_in_the_end(line, flower):
    line.fault(fail={"token": {"status": 500, "times": 9}})
    sealed = encrypt("token", purpose=deauthorization.PURPOSE)
    Deauthorization.objects.create(line_user_id=flower.id, refresh_token=sealed, tries=len(outbox.RETRY_AFTER))

    line_account.deauthorize_due()

    assert not Deauthorization.objects.exists()


def test_a_message_without_a_reply_token_is_not_answered(line, flower):
    line.follow(flower)
    LineEvent.objects.create(
        id="odd", type="message", user_id=flower.id, at=timezone.now(), payload={"message": {"type": "text"}}
    )

    line.settle()

    assert LineEvent.objects.get(pk="odd").outcome == "no reply token"
    assert len(line.texts(flower)) == 1


def test_while_line_is_paused_an_answer_waits(line, flower):
    line.fault(webhooks={"hold": True})
    line.platform.follow(flower)
    line.platform.advance(120)
    channel_pause.begin(Channel.LINE, PauseRequest(PauseReason.UNAUTHORIZED, None))
    line.platform.webhooks.release(turned=False)
    line.fault(webhooks={"hold": False})

    assert line.platform.webhooks.wait_until_idle()
    line_bot.work_off_events()

    assert line.texts(flower) == []
    assert LineEvent.objects.get().due_at is not None


def test_a_notice_that_line_does_not_let_through_stops_the_channel_and_is_kept(line, flower, linked):
    line_bot.enqueue_test(linked)
    line.fault(fail={"push": {"status": 403, "times": 9}})

    line_bot.send_due_notices()

    assert ChannelPause.objects.get().reason == PauseReason.FORBIDDEN
    assert LineNotice.objects.count() == 1


def test_an_event_that_waits_is_not_purged_however_old(db):
    long_ago = timezone.now() - timedelta(days=90)
    LineEvent.objects.create(id="1", type="follow", user_id="U1", at=long_ago, received_at=long_ago)

    assert line_bot.purge_events() == 0
    assert LineEvent.objects.exists()


def test_operators_hear_of_a_pause_once_however_often_line_says_it(db, settings):
    settings.ADMINS = [("", "ops@ok.test")]

    for _ in range(3):
        channel_pause.begin(Channel.LINE, PauseRequest(PauseReason.UNAUTHORIZED, None))

    assert len(mail.outbox) == 1


def test_a_third_browser_that_would_wait_for_line_is_told_to_come_back(
    line, flower, shop, hanako, signed_in, monkeypatch
):
    browser = signed_in(hanako)
    back = line.authorize(begin(browser, shop), flower)
    monkeypatch.setattr(consent, "_AT_LINE", BoundedSemaphore(1))
    consent._AT_LINE.acquire()

    page = browser.get(back)

    assert page.status_code == 503
    assert LinkAttempt.objects.get().stage == AttemptStage.STARTED
