"""What goes wrong only when two things happen at once, or in an unlucky order."""

import hmac
import logging
import re
import threading
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.members import memberships
from notifications import line_bot, tasks
from notifications.channels.line import shared_client
from notifications.delivery.claims import claim
from notifications.delivery.composing import line_composer
from notifications.delivery.composing.batch_facts import CannotComposeError
from notifications.models import Deauthorization, LineEvent, LineLink, LineNotice, LineUser, LinkAttempt
from notifications.recipients import line_account
from notifications.recipients.line_account import friendship
from notifications.types.enums import AttemptStage, Channel, LinkEnd, LinkState
from sellerhub.logs import DiscreetFormatter
from tests.locks import wait_for_the_other
from tests.notifications.line_bot.test_from_chat import agree
from tests.notifications.line_bot.test_from_site import begin, link
from tests.notifications.line_bot.test_life import tell

pytestmark = pytest.mark.django_db(transaction=True)


class KilledError(BaseException):
    """The worker is gone; nothing catches it."""


def killed(*arguments: object, **options: object) -> None:
    raise KilledError


def number_of_tests(texts: list[str]) -> int:
    return len([text for text in texts if text.startswith("テスト送信")])


def at_the_same_time(first_locks, then, *, work) -> list[str]:
    """Take locks, have `work` done by another thread, then go on; returns the deadlocks that this made."""
    errors: list[str] = []

    def in_thread() -> None:
        try:
            work()
        except OperationalError as error:
            errors.append(str(error))
        finally:
            connection.close()

    thread = threading.Thread(target=in_thread)
    try:
        with transaction.atomic():
            first_locks()
            thread.start()
            wait_for_the_other(thread)
            then()
    except OperationalError as error:
        errors.append(str(error))
    thread.join()
    return errors


def test_a_block_and_an_unlink_at_once_do_not_deadlock(line, flower, shop, hanako, linked):
    errors = at_the_same_time(
        lambda: memberships.lock(shop),
        lambda: line_account.end(shop, LinkEnd.UNLINKED, by=hanako),
        work=lambda: friendship.blocked(flower.id, at=timezone.now()),
    )

    assert errors == []


def test_a_block_and_a_new_notification_at_once_do_not_deadlock(line, flower, shop, linked):
    def hold(statement: str, pk: object) -> None:
        """As the foreign keys of new rows do."""
        with connection.cursor() as cursor:
            cursor.execute(statement, [pk])

    errors = at_the_same_time(
        lambda: hold("SELECT 1 FROM accounts_selleraccount WHERE id = %s FOR KEY SHARE", shop.pk),
        lambda: hold("SELECT 1 FROM notifications_linelink WHERE id = %s FOR KEY SHARE", linked.pk),
        work=lambda: friendship.blocked(flower.id, at=timezone.now()),
    )

    assert errors == []


def test_line_is_told_of_the_end_although_the_link_was_renewed_from_the_chat(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    link(line, browser, shop, flower)
    line.block(flower)
    line.follow(flower)
    line.open_dialog(agree(browser, line.link_from_chat(flower, "再連携"), shop)["Location"], flower)

    line_account.unlink(shop, by=hanako)
    line.settle()

    assert line.platform.refresh_tokens._kept == {}


def test_late_news_do_not_undo_a_later_unlink(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    line.follow(flower)
    location = agree(browser, line.link_from_chat(flower), shop)["Location"]
    line.fault(webhooks={"hold": True})
    line.open_dialog(location, flower)
    consent = browser.get(line.authorize(begin(browser, shop), flower))["Location"]
    browser.post(consent, {"agree": "yes", "shop": shop.public_id})
    line_account.unlink(shop, by=hanako)

    line.platform.webhooks.release(turned=False)
    line.fault(webhooks={"hold": False})
    line.settle()

    assert line_account.current(shop) is None


def test_a_worker_that_dies_after_the_reply_says_it_once(line, flower, monkeypatch):
    line.platform.follow(flower)
    assert line.platform.webhooks.wait_until_idle()
    with monkeypatch.context() as broken:
        broken.setattr(LineEvent, "save", killed)
        with pytest.raises(KilledError):
            line_bot.work_off_events()
    LineEvent.objects.update(due_at=timezone.now())

    line.settle()

    assert len(line.texts(flower)) == 1


def test_a_reply_whose_answer_was_lost_is_not_said_again(line, flower):
    line.fault(fail={"reply": {"status": 500, "times": 1, "accepted": True}})

    line.follow(flower)

    assert len(line.texts(flower)) == 1


def test_a_greeting_that_line_did_not_take_comes_later(line, flower):
    line.fault(fail={"reply": {"status": 429, "times": 1}, "push": {"status": 503, "times": 1}})
    line.follow(flower)
    at_first = line.texts(flower)

    LineEvent.objects.update(due_at=timezone.now())
    line.settle()

    assert at_first == []
    assert len(line.texts(flower)) == 1


def test_an_event_that_kills_its_worker_is_given_up(line, flower, monkeypatch):
    line.platform.follow(flower)
    assert line.platform.webhooks.wait_until_idle()
    monkeypatch.setattr("notifications.line_bot.events.act", killed)

    for _ in range(6):
        LineEvent.objects.exclude(due_at=None).update(due_at=timezone.now())
        with suppress(KilledError):
            line_bot.work_off_events()

    assert LineEvent.objects.get().outcome == "given up"


def test_the_soft_time_limit_ends_the_work(line, flower, monkeypatch):
    def over(event: LineEvent) -> str:
        raise SoftTimeLimitExceeded

    line.platform.follow(flower)
    assert line.platform.webhooks.wait_until_idle()
    monkeypatch.setattr("notifications.line_bot.events.act", over)

    with pytest.raises(SoftTimeLimitExceeded):
        line_bot.work_off_events()


def test_when_line_does_not_answer_the_rest_waits(line, flower, settings):
    line.follow(flower)
    for _ in range(3):
        line.platform.say(flower, {"type": "text", "text": "x"})
    assert line.platform.webhooks.wait_until_idle()
    settings.LINE = replace(line.server, api_url="http://127.0.0.1:9")
    shared_client.client.cache_clear()

    answered = line_bot.work_off_events()

    assert answered is False
    tries = LineEvent.objects.filter(type="message").order_by("at").values_list("tries", flat=True)
    assert list(tries) == [1, 0, 0]


def test_one_worker_at_a_time_waits_for_line(line, flower):
    line.platform.follow(flower)
    assert line.platform.webhooks.wait_until_idle()
    cache.set(tasks._LINE_TURN, 1)

    tasks.work_line()
    while_another_works = LineEvent.objects.get().outcome
    cache.delete(tasks._LINE_TURN)
    tasks.work_line()

    assert (while_another_works, LineEvent.objects.get().outcome) == ("", "answered")
    assert cache.get(tasks._LINE_TURN) is None


def test_linking_anew_does_not_renew_the_limit_of_tests(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    for _ in range(3):
        link(line, browser, shop, flower)
        for _ in range(4):
            browser.post(reverse("notifications:line_test", args=[shop.public_id]))
        line.settle()
        line_account.unlink(shop, by=hanako)
        line.settle()

    assert number_of_tests(line.texts(flower)) == 5


def test_a_shop_is_linked_ten_times_a_day_at_the_most(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    link(line, browser, shop, flower)
    LineLink.objects.update(state=LinkState.ENDED, ended_at=timezone.now(), end_reason="replaced", refresh_token="")
    [one] = LineLink.objects.values()
    LineLink.objects.bulk_create(LineLink(**{**one, "id": f"00000000-0000-0000-0000-{n:012}"}) for n in range(9))
    consent = browser.get(line.authorize(begin(browser, shop), flower))["Location"]

    page = browser.post(consent, {"agree": "yes", "shop": shop.public_id})

    assert page.status_code == 429
    assert line_account.current(shop) is None


def test_a_notice_in_doubt_is_not_sent_when_line_forgot_its_key(line, flower, linked):
    line.fault(fail={"push": {"status": 500, "times": 1, "accepted": True}})
    line_bot.enqueue_test(linked)
    line.settle()
    line.platform.advance(25 * 3600)
    LineNotice.objects.update(created_at=timezone.now() - timedelta(hours=25), due_at=timezone.now())

    line.settle()

    assert number_of_tests(line.texts(flower)) == 1
    assert not LineNotice.objects.exists()


def test_a_notice_that_waited_for_a_pause_is_sent_however_old(line, flower, linked):
    line_bot.enqueue_test(linked)
    LineNotice.objects.update(created_at=timezone.now() - timedelta(days=5))

    line.settle()

    assert number_of_tests(line.texts(flower)) == 1


def test_no_token_gets_into_the_log_on_the_way_through_sign_in(line, flower, client):
    line.follow(flower)
    path = line.link_from_chat(flower)
    token = path.split("/")[-2]
    login = client.get(client.get(path)["Location"])["Location"]
    links = re.findall(r'href="([^"]+)"', client.get(login).content.decode())

    written = [f"GET {url}" for url in (path, login, *links, f"/account/signup/?next={path.replace('/', '%2F')}")]
    logged = [
        DiscreetFormatter().format(logging.LogRecord("x", logging.INFO, "x", 1, line_, (), None)) for line_ in written
    ]

    assert token not in " ".join(logged)


def test_agree_tapped_twice_still_leads_to_line(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    path = line.link_from_chat(flower)
    browser = signed_in(hanako)

    first, second = agree(browser, path, shop), agree(browser, path, shop)
    line.open_dialog(second["Location"], flower)

    assert first["Location"] == second["Location"]
    assert line_account.current(shop).state == LinkState.LIVE


def test_an_owed_deauthorization_does_not_end_a_consent_that_is_being_given(
    line, flower, shop, hanako, other_shop, mika, signed_in
):
    link(line, signed_in(hanako), shop, flower)
    line_account.unlink(shop, by=hanako)
    browser = signed_in(mika)
    consent = browser.get(line.authorize(begin(browser, other_shop), flower))["Location"]

    line.settle()
    browser.post(consent, {"agree": "yes", "shop": other_shop.public_id})
    Deauthorization.objects.update(due_at=timezone.now())
    line.settle()

    assert LineLink.objects.get(account=other_shop).state == LinkState.LIVE
    assert line.platform.refresh_tokens._kept != {}


def test_a_consent_whose_person_line_did_not_name_is_ended(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    path = line.authorize(begin(browser, shop), flower)
    line.fault(fail={"verify": {"status": 500, "times": 1}})

    browser.get(path)
    line.settle()

    assert line.platform.refresh_tokens._kept == {}


def test_a_shop_that_closes_during_the_consent_ends_it_at_line(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    browser.get(line.authorize(begin(browser, shop), flower))

    memberships.close_account(shop)
    line.settle()

    assert line.platform.refresh_tokens._kept == {}


def test_an_unlink_while_a_batch_is_in_hand_stops_the_rest(line, shop, hanako, linked, monkeypatch):
    tell(shop, "1")
    batch = claim(10, length=timedelta(minutes=2), channel=Channel.LINE)
    composer = line_composer.BubbleComposer(batch.deliveries)
    line_account.unlink(shop, by=hanako)
    later = time.monotonic() + line_composer.FRESH_SECONDS
    monkeypatch.setattr(line_composer.time, "monotonic", lambda: later)

    with pytest.raises(CannotComposeError):
        composer.compose(batch.deliveries[0])


def test_somebody_whose_sign_in_was_switched_off_gets_nothing(line, flower, shop, hanako, linked):
    waiting = tell(shop, "1")
    hanako.is_active = False
    hanako.save()

    none = tell(shop, "2")
    tasks.deliver_line()

    waiting.refresh_from_db()
    assert none is None
    assert waiting.status == "cancelled"
    assert line.texts(flower) == []


def test_the_page_does_not_say_linked_when_it_is_no_more(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    line.follow(flower)
    path = line.link_from_chat(flower)
    consent = browser.get(path)["Location"]
    line.open_dialog(agree(browser, path, shop)["Location"], flower)
    while_linked = browser.get(consent).status_code

    line_account.unlink(shop, by=hanako)

    assert (while_linked, browser.get(consent).status_code) == (200, 410)


def test_a_stranger_with_a_leaked_link_does_not_show_their_shop_to_its_owner(
    line, flower, shop, hanako, mika, other_shop, signed_in
):
    line.follow(flower)
    path = line.link_from_chat(flower)
    agree(signed_in(mika), path, other_shop)

    page = signed_in(hanako).get(path, follow=True)

    assert page.status_code == 403
    assert "Mika" not in page.content.decode()


def test_a_new_link_makes_the_one_before_void(line, flower, shop, hanako, signed_in):
    line.follow(flower)
    first, second = line.link_from_chat(flower), line.link_from_chat(flower)
    browser = signed_in(hanako)

    assert [browser.get(path).status_code for path in (first, second)] == [404, 302]
    assert LinkAttempt.objects.filter(stage=AttemptStage.STARTED).count() == 1


def test_a_name_cannot_hide_or_turn_round(line, flower, shop, hanako, signed_in):
    flower.name = "Hana\u202eko\u200b \0👩\u200d🌾"

    link(line, signed_in(hanako), shop, flower)

    assert LineUser.objects.get().name == "Hanako 👩\u200d🌾"


@pytest.mark.parametrize(
    "event",
    [
        rb'{"type":"accountLink","webhookEventId":"1","link":{"result":"ok","nonce":"\ud800"}}',
        b'{"type":"x","webhookEventId":"1","a":NaN}',
        b'{"type":"x","webhookEventId":"1","a":1e400,"timestamp":true}',
    ],
)
def test_an_odd_event_is_kept_without_what_makes_it_odd(line, client, event):
    body = b'{"destination":"x","events":[' + event + b"]}"
    signature = b64encode(hmac.digest(line.server.channel_secret.encode(), body, "sha256")).decode()

    answer = client.post(
        "/line/webhook/", body, content_type="application/json", headers={"x-line-signature": signature}
    )
    tasks.work_line()

    assert answer.status_code == 200
    assert LineEvent.objects.exclude(due_at=None).count() == 0
