"""A worker is killed in the middle of pushing: LINE recognises what it took before, so everything arrives once."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from django.utils import timezone

from devtools.sandbox.line import channels
from devtools.sandbox.line.messaging import Messaging
from devtools.sandbox.web.server import Request
from notifications.models import Delivery, Notification, Source
from notifications.types.enums import Channel
from notifications.types.payloads.samples import SAMPLES
from tests.line_world import LineWorld, line_world
from tests.notifications.line_bot.conftest import make_link
from tests.waiting import LIMIT_SECONDS, wait_until

from .test_crash import Background, Valkey, all_recorded, free_port, valkey

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

MESSAGES = 600
"""Room for a kill with whole batches left over."""
HELD_AFTER = 60
__all__ = ["valkey"]


@pytest.fixture
def line() -> Iterator[LineWorld]:
    with line_world("http://127.0.0.1:9") as world:
        world.platform.webhook_url = ""
        yield world


@pytest.fixture
def background(tmp_path: Path, valkey: Valkey, line: LineWorld) -> Iterator[Background]:
    processes = Background(
        tmp_path,
        broker=f"redis://127.0.0.1:{valkey.port}",
        mail_port=free_port(),
        LINE_CHANNEL_ID=channels.MESSAGING_CHANNEL_ID,
        LINE_CHANNEL_SECRET=channels.MESSAGING_CHANNEL_SECRET,
        LINE_LOGIN_CHANNEL_ID=channels.LOGIN_CHANNEL_ID,
        LINE_LOGIN_CHANNEL_SECRET=channels.LOGIN_CHANNEL_SECRET,
        LINE_FRIEND_URL=f"{line.url}/line/add",
        LINE_API_URL=line.url,
        LINE_CONCURRENCY="8",
        # Ends by itself. A slow worker may lose it while it lives: LINE takes nothing twice all the same.
        DELIVERY_LEASE_SECONDS="1",
    )
    yield processes
    processes.kill_all()


@pytest.fixture
def answers(line: LineWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until this is set LINE takes messages and, after so many, answers nobody."""
    may_go_on = threading.Event()
    deliver = Messaging._deliver

    def deliver_and_hold(self: Messaging, request: Request, kind: str) -> object:
        answer = deliver(self, request, kind)
        if len(line.platform.messages) > HELD_AFTER:
            may_go_on.wait(LIMIT_SECONDS)
        return answer

    monkeypatch.setattr(Messaging, "_deliver", deliver_and_hold)
    yield may_go_on
    may_go_on.set()


def test_kill_a_worker_that_pushes(line, valkey, background, answers, shop, hanako, capsys):
    person = line.person("花子")
    person.friend = True
    link = make_link(shop, hanako, person)
    _queue(shop, link)
    worker = background.start_lone_worker()
    with Celery(broker=f"redis://127.0.0.1:{valkey.port}/0", set_as_current=False) as bell:
        bell.send_task("notifications.tasks.deliver_line", retry=False)

    # Not before the first are recorded: what is in doubt is then a part of what arrived.
    wait_until(_recorded, "the first recorded", log=background.log)
    wait_until(lambda: len(line.platform.messages) > HELD_AFTER, "LINE holds its answers back", log=background.log)
    background.kill_and_forget(worker)
    arrived = len(line.platform.messages)
    recorded = _recorded()
    answers.set()
    background.start_lone_worker()
    background.start_beat()
    wait_until(all_recorded, "all recorded", log=background.log)

    pages = Counter(str(one.content["contents"]["footer"]) for one in line.platform.messages)
    with capsys.disabled():
        print(
            f"\nCrash drill: {MESSAGES} pushes, killed after {arrived} of which {recorded} were recorded as sent:"
            f" lost {MESSAGES - len(pages)}, arrived twice {sum(pages.values()) - len(pages)}."
        )
    assert 0 < recorded < arrived < MESSAGES
    assert len(pages) == MESSAGES
    assert set(pages.values()) == {1}
    assert set(Delivery.objects.values_list("status", flat=True)) == {"sent"}


def _recorded() -> int:
    return Delivery.objects.filter(status="sent").count()


def _queue(shop, link) -> None:
    source = Source.objects.create(name="risk")
    past = timezone.now() - timedelta(seconds=1)
    notifications = Notification.objects.bulk_create(
        Notification(
            account=shop,
            source=source,
            event_id=str(number),
            type="account_at_risk",
            occurred_at=past,
            data=SAMPLES["account_at_risk"],
        )
        for number in range(MESSAGES)
    )
    Delivery.objects.bulk_create(
        Delivery(
            notification=one,
            channel=Channel.LINE,
            link=link,
            recipient=link.line_user_id,
            language="ja",
            due_at=past,
        )
        for one in notifications
    )
