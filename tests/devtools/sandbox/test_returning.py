"""What the sandbox takes and sends back later, read as the site reads it."""

import asyncio
import json
import smtplib
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from typing import Any

import pytest

from devtools.sandbox.mail.returning import Returned, postman, returned_for
from devtools.sandbox.mail.returning.choosing import Shape
from devtools.sandbox.mail.returning.postman import Postman, _raw
from notifications.channels.email.bounces import parse
from tests.notifications.channels.email.shelf import LEFT, OURS, Shelf, running
from tests.waiting import LIMIT_SECONDS, wait_until

RAW = b"Subject: An order\r\nMessage-ID: <1@hub.test>\r\nTo: later-full@ok.test\r\n\r\nThe order\r\n"


def in_a_loop_of_its_own(work: Coroutine[Any, Any, None]) -> None:
    """In another thread: the browser of the journeys keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def returned(recipient: str) -> Returned:
    found = returned_for(OURS, recipient, RAW)
    assert found is not None
    return found


@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize(
    ("beginning", "kind", "reason", "permanent"),
    [
        ("later-full", "bounce", "mailbox_full", True),
        ("later-unknown", "bounce", "unknown_user", True),
        ("later-blocked", "bounce", "blocked_by_provider", True),
        ("late", "delayed", None, False),
    ],
)
def test_reports_are_read_by_the_site(shape, beginning, kind, reason, permanent):
    recipient = f"{beginning}.{shape}.7@ok.test"

    raw = _raw(returned(recipient))

    [news] = parse(raw)
    assert (news.kind, news.permanent, news.recipient) == (kind, permanent, recipient)
    assert reason is None or news.reason == reason
    mail = message_from_bytes(raw)
    assert (mail.get_content_type(), mail.get_param("report-type")) == ("multipart/report", "delivery-status")
    assert [part.get_content_type() for part in mail.get_payload()][1] == "message/delivery-status"
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"Message-ID: <1@hub.test>" in raw


@pytest.mark.parametrize(("beginning", "kind"), [("away", "auto_reply"), ("spam", "complaint")])
def test_what_people_send_back_is_read_by_the_site(beginning, kind):
    raw = _raw(returned(f"{beginning}.hanako@ok.test"))

    assert {(news.kind, news.permanent) for news in parse(raw)} == {(kind, False)}


@pytest.mark.parametrize(
    ("recipient", "shape"),
    [
        ("later-full@ok.test", Shape.POSTFIX),
        ("later-full@gmail.com", Shape.GMAIL),
        ("later-full@outlook.jp", Shape.EXCHANGE),
        ("Later-Full@shop.onmicrosoft.com", Shape.EXCHANGE),
        ("later-full@docomo.ne.jp", Shape.DOCOMO),
        ("later-full.exchange@gmail.com", Shape.EXCHANGE),
        ("later-full.3@ok.test", Shape.POSTFIX),
    ],
)
def test_the_shape(recipient, shape):
    assert returned(recipient).shape is shape


def test_most_mail_does_not_come_back():
    recipients = ["hanako@ok.test", "later@ok.test", "full@ok.test", "my.later-full@ok.test"]

    assert [returned_for(OURS, recipient, RAW) for recipient in recipients] == [None] * 4
    assert [returned_for(sender, "later-full@ok.test", RAW) for sender in ("", "<>")] == [None] * 2


@pytest.fixture(autouse=True)
def patient_postman(monkeypatch) -> None:
    monkeypatch.setattr(postman, "TIMEOUT_SECONDS", LIMIT_SECONDS)


@pytest.fixture
def site() -> Iterator[Shelf]:
    with running() as shelf:
        yield shelf


def test_it_comes_back_over_the_wire(site):
    command = [sys.executable, "-m", "devtools.sandbox", "--smtp-port", "0", "--http-port", "0"]
    command += ["--bounces-to", f"127.0.0.1:{site.port}", "--bounce-delay", "0.2"]
    recipients = ["hanako@ok.test", "later-full@ok.test", "late@ok.test", "away@ok.test", "spam@ok.test"]

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        port = json.loads(process.stdout.readline())["smtp_port"]
        with smtplib.SMTP("127.0.0.1", port) as client:
            for recipient in recipients:
                client.sendmail("no-reply@hub.test", [recipient], RAW)
                client.sendmail(OURS, [recipient], RAW)
        # They come in their order: after the last one there is nothing to wait for.
        wait_until(lambda: [raw for _, raw in site.mails if parse(raw)[0].kind == "complaint"], "the last one came")
        process.terminate()
        assert process.wait(LIMIT_SECONDS) == 0

    assert [left for left, _ in site.mails] == [LEFT] * 4
    assert [parse(raw)[0].kind for _, raw in site.mails] == ["bounce", "delayed", "auto_reply", "complaint"]


def test_a_site_that_is_away_for_a_moment_gets_it_later(site, monkeypatch):
    monkeypatch.setattr(postman, "TRY_AGAIN_AFTER", (0.1, 0.1))
    answers = iter([ConnectionError, None])

    def away_once() -> bool:
        if trouble := next(answers):
            raise trouble
        return True

    site.answer = away_once

    in_a_loop_of_its_own(_work(Postman("127.0.0.1", site.port, delay=0), ["later-full@ok.test"], lambda: site.mails))

    assert len(site.mails) == 1


def test_when_nobody_takes_it_it_is_dropped(monkeypatch, caplog):
    monkeypatch.setattr(postman, "TRY_AGAIN_AFTER", (0.01,))

    work = _work(Postman("127.0.0.1", 9, delay=0), ["later-full@ok.test"], lambda: caplog.records)
    in_a_loop_of_its_own(work)

    assert "Nobody takes what comes back of the mail to later-full@ok.test." in caplog.text


def test_the_oldest_are_dropped_when_too_many_wait(monkeypatch, caplog, site):
    monkeypatch.setattr(postman, "MAX_WAITING", 2)
    recipients = [f"later-full.{number}@ok.test" for number in range(3)]

    in_a_loop_of_its_own(_work(Postman("127.0.0.1", site.port, delay=0), recipients, lambda: len(site.mails) == 2))

    assert "dropped that to later-full.0@ok.test" in caplog.text
    assert [parse(raw)[0].recipient for _, raw in site.mails] == recipients[1:]


async def _work(carrier: Postman, recipients: list[str], is_done) -> None:
    for recipient in recipients:
        carrier.take(returned(recipient))
    work = asyncio.create_task(carrier.work())
    async with asyncio.timeout(LIMIT_SECONDS):
        while not is_done():  # noqa: ASYNC110  (the other side is a thread)
            await asyncio.sleep(0.02)
    work.cancel()
