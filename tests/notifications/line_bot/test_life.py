"""What becomes of a link: block, unblock, unlink, hand-over, the end of the shop."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.members import memberships
from accounts.models import HistoryEntry
from accounts.rule_violation import RuleViolationError
from notifications import tasks
from notifications.ingest import pipeline
from notifications.models import Deauthorization, Delivery, LineLink, LinkMail, SkippedRoute, Source
from notifications.recipients import line_account
from notifications.types.enums import Channel, DeliveryStatus, LinkState
from notifications.types.payloads.samples import SAMPLES
from tests.notifications.line_bot.test_from_chat import agree
from tests.notifications.line_bot.test_from_site import begin, link

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def linked(line, flower, shop, hanako, signed_in) -> LineLink:
    """Hanako's shop is linked, from the site."""
    link(line, signed_in(hanako), shop, flower)
    return LineLink.objects.get()


def state(row: LineLink) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.end_reason


def tell(shop, key: str = "1") -> Delivery | None:
    """An event of a type that LINE tells; the delivery to LINE, if there is one."""
    source, _created = Source.objects.get_or_create(name="risk")
    pipeline.notify(shop, "account_at_risk", event_id=key, data=SAMPLES["account_at_risk"], source=source)
    return Delivery.objects.filter(notification__event_id=key, channel=Channel.LINE).first()


def reasons(channel: Channel = Channel.LINE) -> list[str]:
    return list(SkippedRoute.objects.filter(channel=channel).order_by("pk").values_list("reason", flat=True))


def test_a_block_stops_line_and_mail_goes_on(line, flower, shop, linked, hanako, signed_in):
    waiting = tell(shop, "1")

    line.block(flower)
    after = tell(shop, "2")

    waiting.refresh_from_db()
    assert state(linked) == (LinkState.BLOCKED, "")
    assert (waiting.status, waiting.answer) == (
        DeliveryStatus.CANCELLED,
        "Our LINE account was blocked before the message was sent.",
    )
    assert after is None
    assert reasons() == ["line_blocked"]
    assert Delivery.objects.filter(channel=Channel.EMAIL).count() == 2
    assert mail.outbox[-1].subject.startswith("「花子の器」の通知がLINEに届きません")
    home = signed_in(hanako).get(reverse("home", args=[shop.public_id])).content.decode()
    assert "LINE公式アカウントがブロックされています" in home
    assert "1件の通知がLINEに届きませんでした：アカウント" in home or "1件の通知がLINEに届きませんでした" in home


def test_an_unblock_alone_sends_nothing_before_it_was_linked_again(line, flower, shop, linked, hanako, signed_in):
    line.block(flower)

    line.follow(flower)
    unblocked = state(linked)
    none = tell(shop, "1")
    path = line.link_from_chat(flower, "再連携")
    browser = signed_in(hanako)
    line.open_dialog(agree(browser, path, shop)["Location"], flower)

    assert unblocked == (LinkState.UNBLOCKED, "")
    assert "再連携をお願いします" in " ".join(line.texts(flower))
    assert none is None
    assert reasons() == ["line_unblocked"]
    assert state(linked) == (LinkState.ENDED, "linked_again")
    assert LineLink.objects.exclude(pk=linked.pk).get().state == LinkState.LIVE
    assert tell(shop, "2").status == DeliveryStatus.QUEUED


def test_a_block_that_line_tells_twice_is_told_once(line, flower, linked):
    line.fault(webhooks={"duplicate": True})
    mail.outbox.clear()

    line.block(flower)

    assert len(mail.outbox) == 1
    assert HistoryEntry.objects.filter(action="line.blocked").count() == 1


def test_unlinking_on_the_site_ends_everything(line, flower, shop, linked, hanako, signed_in):
    waiting = tell(shop)
    browser = signed_in(hanako)
    page = reverse("notifications:line_unlink", args=[shop.public_id])

    asked = browser.get(page)
    still = state(linked)
    browser.post(page)
    line.settle()

    waiting.refresh_from_db()
    assert asked.status_code == 200
    assert still == (LinkState.LIVE, "")
    assert state(linked) == (LinkState.ENDED, "unlinked")
    assert linked.refresh_token == ""
    assert waiting.status == DeliveryStatus.CANCELLED
    assert line.texts(flower)[-1].startswith(
        "「花子の器」との連携が解除されました：サイトでの操作によるものです（操作した方：山田 花子さん）。"
    )
    assert mail.outbox[-1].subject == "「花子の器」とLINEアカウントの連携が解除されました"
    assert line.platform.refresh_tokens._kept == {}  # LINE was told that the consent ended
    assert not Deauthorization.objects.exists()


def test_line_is_told_later_when_it_is_out_of_order(line, flower, shop, linked, hanako):
    line.fault(fail={"deauthorize": {"status": 500, "times": 1}})

    line_account.unlink(shop, by=hanako)
    line.settle()
    link_mail = Deauthorization.objects.count()
    Deauthorization.objects.update(due_at=timezone.now())
    line.settle()

    assert (link_mail, Deauthorization.objects.count()) == (1, 0)
    assert line.platform.refresh_tokens._kept == {}


def test_the_consent_at_line_stays_while_another_shop_needs_it(
    line, flower, shop, linked, other_shop, mika, hanako, signed_in
):
    link(line, signed_in(mika), other_shop, flower)

    line_account.unlink(shop, by=hanako)
    line.settle()
    kept = len(line.platform.refresh_tokens._kept)
    line_account.unlink(other_shop, by=mika)
    line.settle()

    assert kept > 0
    assert line.platform.refresh_tokens._kept == {}


def test_unlinking_in_the_chat(line, flower, shop, linked):
    line.tap(flower, "連携を解除")
    asked = state(linked)
    line.tap(flower, "連携を解除")

    assert asked == (LinkState.LIVE, "")
    assert state(linked) == (LinkState.ENDED, "unlinked_in_chat")
    assert line.texts(flower)[-1].startswith("「花子の器」との連携が解除されました：このトークでの操作によるものです。")


def test_keeping_the_link_in_the_chat(line, flower, linked):
    line.tap(flower, "連携を解除")
    line.tap(flower, "連携を続ける")

    assert state(linked) == (LinkState.LIVE, "")


def test_somebody_else_s_button_ends_nothing(line, flower, linked):
    emma = line.person("Emma")
    line.follow(emma)

    line.platform.postback(emma, {"type": "postback", "data": f"unlink-now:{linked.pk}"})
    line.platform.postback(emma, {"type": "postback", "data": "unlink-now:no-id"})
    line.settle()

    assert state(linked) == (LinkState.LIVE, "")
    assert line.texts(emma)[-1].startswith("There is no such link")


def test_a_hand_over_ends_the_link_and_says_so_before(line, flower, shop, linked, hanako, taro, signed_in):
    waiting = tell(shop)
    page = signed_in(hanako).get(reverse("accounts:hand_over", args=[shop.public_id])).content.decode()

    memberships.hand_over(shop, by=hanako, to=taro.memberships.get())
    line.settle()

    waiting.refresh_from_db()
    assert "LINEアカウント「花子」との連携は解除されます" in page
    assert state(linked) == (LinkState.ENDED, "handed_over")
    assert waiting.status == DeliveryStatus.CANCELLED
    assert "プライマリー権限が引き継がれたためです" in line.texts(flower)[-1]
    assert line.platform.refresh_tokens._kept == {}


def test_a_role_that_moved_by_another_way_sends_nothing_either(line, flower, shop, linked, hanako, taro):
    waiting = tell(shop, "1")
    hanako.memberships.update(role="secondary")
    taro.memberships.update(role="primary")

    none = tell(shop, "2")
    tasks.deliver_line()

    waiting.refresh_from_db()
    assert none is None
    assert reasons() == ["line_not_linked"]
    assert waiting.status == DeliveryStatus.CANCELLED
    assert "リスク" not in " ".join(line.texts(flower)[1:])


def test_a_shop_that_closes_ends_its_link_and_tells_line(line, flower, shop, linked):
    memberships.close_account(shop)
    line.settle()

    assert not LineLink.objects.exists()
    assert line.texts(flower)[-1].startswith("「花子の器」との連携が解除されました：ショップが閉鎖されたためです。")
    assert line.platform.refresh_tokens._kept == {}


def test_only_the_primary_user_unlinks(line, shop, linked, taro, signed_in):
    browser = signed_in(taro)

    response = browser.post(reverse("notifications:line_unlink", args=[shop.public_id]))
    with pytest.raises(RuleViolationError):
        line_account.unlink(shop, by=taro)

    assert response.status_code == 403
    assert state(linked) == (LinkState.LIVE, "")


def test_a_test_arrives(line, flower, shop, linked, hanako, signed_in):
    browser = signed_in(hanako)

    browser.post(reverse("notifications:line_test", args=[shop.public_id]))
    line.settle()

    assert line.texts(flower)[-1].startswith("テスト送信です")


def test_tests_are_limited(line, flower, shop, linked, hanako, signed_in):
    browser = signed_in(hanako)

    for _ in range(8):
        browser.post(reverse("notifications:line_test", args=[shop.public_id]))
    line.settle()

    assert len([text for text in line.texts(flower) if text.startswith("テスト送信")]) == 5


def test_a_notice_whose_answer_was_lost_arrives_once(line, flower, shop, linked, hanako, signed_in):
    line.fault(fail={"push": {"status": 500, "times": 1, "accepted": True}})
    signed_in(hanako).post(reverse("notifications:line_test", args=[shop.public_id]))
    line.settle()

    from notifications.models import LineNotice

    LineNotice.objects.update(due_at=timezone.now())
    line.settle()

    assert not LineNotice.objects.exists()
    assert len([text for text in line.texts(flower) if text.startswith("テスト送信")]) == 1


def test_the_page_of_a_shop_shows_how_it_stands(line, flower, shop, linked, hanako, taro, signed_in):
    page = reverse("notifications:line", args=[shop.public_id])
    seen = {}
    seen["primary"] = signed_in(hanako).get(page).content.decode()
    seen["secondary"] = signed_in(taro).get(page).content.decode()

    assert "連携済み" in seen["primary"]
    assert reverse("notifications:line_unlink", args=[shop.public_id]) in seen["primary"]
    assert reverse("notifications:line_unlink", args=[shop.public_id]) not in seen["secondary"]
    assert "山田 花子さんのみ" in seen["secondary"]


def test_a_letter_about_a_link_is_tried_again(line, shop, linked, settings):
    LinkMail.objects.create(account=shop, kind=LinkMail.Kind.LINKED, line_name="花子", by_name="山田 花子")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    line_account.send_due_mails()

    assert LinkMail.objects.get().tries == 1


def test_a_link_that_was_never_used_to_the_end_is_purged_and_line_told(line, flower, shop, hanako, signed_in):
    from notifications.models import LinkAttempt

    browser = signed_in(hanako)
    browser.get(line.authorize(begin(browser, shop), flower))
    LinkAttempt.objects.update(created_at="2020-01-01T00:00Z", expires_at="2020-01-01T00:10Z")

    tasks.look_after_line()
    line.settle()

    assert not LinkAttempt.objects.exists()
    assert line.platform.refresh_tokens._kept == {}
