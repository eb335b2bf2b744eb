"""What changes between two steps of a link, or stands in its way."""

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from notifications.models import LineLink, LineNotice, LinkAttempt
from notifications.recipients import line_account
from notifications.types.enums import AttemptStage, LinkEnd, LinkState
from tests.notifications.line_bot.test_from_chat import agree
from tests.notifications.line_bot.test_from_site import begin, link

pytestmark = pytest.mark.django_db(transaction=True)


def standing() -> dict[str, str]:
    return dict(LineLink.objects.exclude(state=LinkState.ENDED).values_list("line_user_id", "state"))


def test_another_line_user_who_was_linked_meanwhile_is_not_replaced(line, flower, shop, hanako, signed_in):
    browser, emma = signed_in(hanako), line.person("Emma")
    line.follow(flower)
    location = agree(browser, line.link_from_chat(flower), shop)["Location"]
    link(line, browser, shop, emma)

    line.open_dialog(location, flower)
    line.settle()

    assert standing() == {emma.id: LinkState.LIVE}
    attempt = LinkAttempt.objects.get(line_user_id=flower.id)
    assert (attempt.stage, attempt.failure) == (AttemptStage.FAILED, "other_linked")


def test_another_line_user_who_only_waits_for_a_friend_is_asked_about_too(line, flower, shop, hanako, signed_in):
    browser, emma = signed_in(hanako), line.person("Emma")
    link(line, browser, shop, flower, add_friend=False)
    consent = browser.get(line.authorize(begin(browser, shop), emma))["Location"]

    asked = browser.post(consent, {"agree": "yes", "shop": shop.public_id})

    assert asked.status_code == 409
    assert standing() == {flower.id: LinkState.WAITING}


def test_a_new_primary_user_agrees_anew_with_the_same_line_account(line, flower, shop, linked, taro, signed_in):
    """The role went over with no hand-over: the link that counts for nobody must not pass for theirs."""
    Membership.objects.filter(account=shop, role=Role.PRIMARY).delete()
    Membership.objects.filter(account=shop, user=taro).update(role=Role.PRIMARY)

    link(line, signed_in(taro), shop, flower)

    current = line_account.current(shop)
    assert current is not None
    assert (current.linked_by, current.state) == (taro, LinkState.LIVE)
    assert LineLink.objects.get(pk=linked.pk).end_reason == LinkEnd.LINKED_AGAIN


def test_a_welcome_that_has_not_left_does_not_follow_the_end(line, flower, shop, hanako, linked):
    LineNotice.objects.create(
        kind=LineNotice.Kind.LINKED,
        line_user_id=flower.id,
        link=linked,
        shop=shop.name,
        shop_language="ja",
        due_at=timezone.now(),
    )

    line_account.unlink(shop, by=hanako)
    line.settle()

    assert [text for text in line.texts(flower) if "と連携しました" in text] == []
    assert line.texts(flower)[-1].startswith("「花子の器」との連携が解除されました")


def test_whoever_blocked_us_is_not_told_of_the_end(line, flower, shop, hanako, linked):
    line.block(flower)

    line_account.unlink(shop, by=hanako)

    assert not LineNotice.objects.exists()


def test_the_button_of_a_link_that_was_replaced_ends_only_that_one(line, flower, shop, hanako, linked, signed_in):
    """The button was tapped while the other one was being linked."""
    emma = line.person("Emma")
    line_account.end(shop, LinkEnd.REPLACED, by=hanako)
    link(line, signed_in(hanako), shop, emma)

    ended = line_account.end(shop, LinkEnd.UNLINKED_IN_CHAT, by=None, only=linked)

    assert ended is None
    assert standing() == {emma.id: LinkState.LIVE}
