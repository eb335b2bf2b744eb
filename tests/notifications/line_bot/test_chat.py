"""What our account answers in the chat."""

import pytest

from notifications.models import LineEvent, LineUser
from tests.waiting import wait_until

from .conftest import make_link

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes() -> list[str]:
    return list(LineEvent.objects.order_by("at").values_list("outcome", flat=True))


@pytest.mark.parametrize("kind", ["text", "sticker", "image"])
def test_whoever_writes_gets_one_reply_that_it_only_sends(line, flower, kind):
    line.follow(flower)

    line.platform.say(flower, {"type": kind, "text": "教えてください"})
    line.settle()

    assert len(line.texts(flower)) == 2
    assert "送信専用" in line.texts(flower)[-1]
    assert "教えてください" not in str(list(LineEvent.objects.values()))


def test_a_linked_user_gets_the_way_to_the_settings_of_each_shop(line, flower, shop, hanako, other_shop, mika):
    line.follow(flower)
    make_link(shop, hanako, flower)
    make_link(other_shop, mika, flower)

    line.say(flower)

    contents = line.received(flower)[-1].content["contents"]
    assert contents["type"] == "carousel"
    for account in (shop, other_shop):
        assert account.public_id in str(contents)


def test_a_friend_who_is_linked_is_greeted_short(line, flower, shop, hanako, linked):
    line.block(flower)
    linked.state = "live"
    LineUser.objects.update(unfollowed_at=None)
    linked.save()

    line.follow(flower)

    assert line.texts(flower)[-1].startswith(
        "友だち追加ありがとうございます：次のショップの通知がこのトークに届きます：「花子の器」"
    )


def test_in_standby_nothing_is_answered(line, flower):
    line.follow(flower)

    line.platform.tell("message", flower, mode="standby", message={"type": "text", "id": "1", "text": "x"})
    line.settle()

    assert len(line.texts(flower)) == 1
    assert outcomes()[-1] == "standby"


def test_a_greeting_whose_reply_token_is_dead_is_pushed(line, flower):
    line.fault(webhooks={"hold": True})
    line.platform.follow(flower)
    line.platform.advance(120)
    line.platform.webhooks.release(turned=False)
    line.fault(webhooks={"hold": False})

    line.settle()

    assert len(line.texts(flower)) == 1
    assert line.texts(flower)[0].startswith("友だち追加ありがとうございます")


def test_a_late_answer_to_a_message_is_left_out(line, flower):
    line.follow(flower)
    line.fault(webhooks={"hold": True})
    line.platform.say(flower, {"type": "text", "text": "x"})
    line.platform.advance(120)
    line.platform.webhooks.release(turned=False)
    line.fault(webhooks={"hold": False})

    line.settle()

    assert len(line.texts(flower)) == 1


def test_an_unknown_button_is_skipped(line, flower):
    line.follow(flower)

    line.platform.postback(flower, {"type": "postback", "data": "sing"})
    line.settle()

    assert outcomes()[-1] == "skipped: unknown button"


def test_line_redelivers_and_it_is_done_once(line, flower, live_server):
    url = line.platform.webhook_url
    line.platform.webhook_url = f"{live_server.url}/nowhere/"
    line.platform.follow(flower)

    wait_until(lambda: line.platform.webhooks.log, "LINE has tried once")
    line.platform.webhook_url = url
    line.settle()

    assert len(line.texts(flower)) == 1
    assert LineEvent.objects.get().payload["deliveryContext"] == {"isRedelivery": True}
