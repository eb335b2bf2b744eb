"""Linking from the chat, against LINE over real HTTP."""

import pytest
from django.core import mail

from accounts.models import HistoryEntry
from notifications.models import LineLink

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_whole_way_from_greeting_to_welcome(line, flower, shop, hanako, signed_in):
    browser = signed_in(hanako)
    line.follow(flower)
    path = line.link_from_chat(flower)

    page = browser.get(path)
    assert page.status_code == 200
    assert "花子の器" in page.content.decode()
    assert "山田 花子" in page.content.decode()
    agreed = browser.post(path, {"agree": "yes", "shop": shop.public_id})
    assert line.open_dialog(agreed["Location"], flower) == 200

    link = LineLink.objects.get()
    assert (link.state, link.account, link.linked_by, link.line_user_id) == ("live", shop, hanako, flower.id)
    assert "連携済み" in browser.get(path).content.decode()
    assert line.texts(flower)[-1].startswith("「花子の器」と連携しました")
    assert [message.subject for message in mail.outbox] == ["「花子の器」にLINEが連携されました"]
    assert HistoryEntry.objects.filter(account=shop, action="line.linked", actor=hanako).count() == 1
