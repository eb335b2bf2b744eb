"""The log says what happened and to which ids, and never an address, a body or a token."""

import io
import json
import logging
import smtplib
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from celery import shared_task
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from gunicorn.config import Config
from pydantic import BaseModel

import sellerhub.urls
from accounts.models import User
from notifications import delivery
from notifications.ingest.api_keys import add_source
from notifications.models import Delivery
from sellerhub.logs import DiscreetFormatter, JsonFormatter
from sellerhub.logs.discretion import discreet
from sellerhub.logs.gunicorn import Logger
from tests.notifications.delivery.conftest import mail_server, notification, queue, use_server
from tests.waiting import LIMIT_SECONDS

__all__ = ["mail_server", "notification", "queue", "use_server"]

EMAIL, WORDS, TOKEN, PASSWORD = "hanako@ok.test", "very secret", "abcdefghijk-token", "s3cr3t-password"
SECRETS = (EMAIL, WORDS, TOKEN, PASSWORD, "秘密", "+819012345678", "U" + "0a" * 16)
BODY = " ".join(SECRETS)


class Order(BaseModel):
    number: int


def unique(request: HttpRequest | None = None) -> HttpResponse:
    with transaction.atomic():
        User.objects.create(email=EMAIL, name=WORDS)
        User.objects.create(email=EMAIL, name=WORDS)
    return HttpResponse()


def statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [BODY])


def relay() -> None:
    raise smtplib.SMTPRecipientsRefused({EMAIL: (550, WORDS.encode())})


def payload() -> None:
    Order.model_validate({"number": BODY})


def number() -> None:
    int(BODY)


def key() -> None:
    {}[BODY]


def chained() -> None:
    try:
        number()
    except ValueError as error:
        raise RuntimeError(f"cannot read “{BODY}”") from error


def link() -> None:
    raise RuntimeError(f"GET /unsubscribe/{TOKEN}?x=1 to https://user:{PASSWORD}@relay.ok.test:25")


FAILURES = (unique, statement, relay, payload, number, key, chained, link)
urlpatterns = [*sellerhub.urls.urlpatterns, path("unsubscribe/abcdefghijk-token/fails/", unique)]


@pytest.fixture(params=["text", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Everything that is logged from here on, as it is written."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonFormatter() if request.param == "json" else DiscreetFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield text.getvalue
    root.removeHandler(handler)


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fail", FAILURES)
def test_exceptions_are_told_without_what_they_quote(log, fail):
    try:
        fail()
    except Exception as error:
        kind = type(error).__name__
        logging.getLogger("x").exception("It failed: %r.", error)  # noqa: TRY401 (as Celery does)

    assert leaks(log()) == []
    assert kind in log()
    assert fail.__name__ in log()  # where it failed


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_fails(log):
    browser = Client(raise_request_exception=False)

    response = browser.post("/unsubscribe/abcdefghijk-token/fails/", {"body": BODY})

    assert response.status_code == 500
    assert leaks(log()) == []
    assert "Internal Server Error: /unsubscribe/…/fails/" in log()


@shared_task(name="tests.fails")
def fails() -> None:
    raise ValueError(BODY)


def test_a_task_that_fails(log):
    fails.apply()

    assert leaks(log()) == []
    assert "tests.fails" in log()


@pytest.mark.django_db(transaction=True)
def test_mail_that_fails(log, queue, mail_server, monkeypatch):
    queue("hanako@ok.test")
    monkeypatch.setattr("notifications.delivery.composing.email_composer.render_email", lambda *_: number())

    delivery.run(max_seconds=LIMIT_SECONDS)

    assert leaks(log()) == []
    assert str(Delivery.objects.get().notification_id) in log()


def test_a_key_of_a_source_is_not_told(db, log):
    _source, issued = add_source("orders")

    logging.getLogger("x").warning("Refused Authorization: Bearer %s and %s", issued, issued)

    assert issued not in log()
    assert issued[4:] not in log()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("celery@worker-1.example.jp ready.", "celery@worker-1.example.jp ready."),
        ("Mail to <taro@ok.test> failed", "Mail to <…@…> failed"),
        ("?email=taro%40ok.test&x=1", "?email=…@…&x=1"),
        ("日本語@例え.テスト", "…@…"),
        ("redis://:pass@cache.example.jp:6379", "redis://…@cache.example.jp:6379"),
        ("call +819012345678 at 2026-11-25T12:00:00+0900", "call +… at 2026-11-25T12:00:00+0900"),
        ("/line/callback/?code=abc&state=def", "/line/callback/?…"),
        ("Delivery 0193f7a2-7b1e-7c3d-8e4f-000000000001", "Delivery 0193f7a2-7b1e-7c3d-8e4f-000000000001"),
    ],
)
def test_what_is_left_out(said, told):
    assert discreet(said) == told


def test_a_constraint_is_named():
    error = IntegrityError('violates unique constraint "delivery_unique_destination"\nDETAIL:  Key (email)=(x)')
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "It failed.", (), (IntegrityError, error, None))

    text = DiscreetFormatter().format(record)

    assert text.splitlines()[-1] == 'IntegrityError: violates unique constraint "delivery_unique_destination"'


def test_one_object_for_each_record_with_known_fields_alone():
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonFormatter())
    record = logging.LogRecord("notifications", logging.WARNING, "x", 1, "It waits.\nLong.", (), None)
    record.delivery_id, record.request, record.body = 7, object(), BODY

    handler.handle(record)

    found = json.loads(text.getvalue())
    assert found.pop("time").endswith("+00:00")
    assert found.pop("process") == record.process
    assert found == {
        "level": "WARNING",
        "logger": "notifications",
        "message": "It waits.\nLong.",
        "delivery_id": "7",
    }
    assert text.getvalue().count("\n") == 1


def log_of(action: Callable[[], object]) -> list[dict[str, str]]:
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    try:
        action()
    finally:
        logging.getLogger().removeHandler(handler)
    return [json.loads(line) for line in text.getvalue().splitlines()]


def test_a_request_has_an_id_in_the_log_and_in_the_answer(db, client):
    answers = []

    [line] = log_of(lambda: answers.append(client.get("/nowhere/")))

    assert line["message"] == "Not Found: /nowhere/"
    assert line["status_code"] == "404"
    assert len(line["request_id"]) == 32
    assert answers[0]["X-Request-ID"] == line["request_id"]


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ("0193f7a2-7b1e-7c3d-8e4f-000000000001", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("short", False),
        ("taro@ok.test", False),
        ("two words here", False),
        ("evil\r\nSet-Cookie: a=b", False),
        ("", False),
    ],
)
def test_the_id_of_a_proxy_is_taken_where_it_is_sane(client, given, is_taken):
    response = client.get("/healthz", headers={"x-request-id": given})

    assert (response["X-Request-ID"] == given) is is_taken


def test_two_requests_have_two_ids(client):
    first, second = client.get("/healthz"), client.get("/healthz")

    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_a_task_is_named_in_its_lines():
    @shared_task(name="tests.says")
    def says() -> None:
        logging.getLogger("notifications").warning("Here.")

    lines = log_of(lambda: says.apply(task_id="the-id"))

    assert [(line["task"], line["task_id"]) for line in lines if line["message"] == "Here."] == [
        ("tests.says", "the-id")
    ]


def test_gunicorn_writes_accesses_without_queries_and_tokens(capsys):
    config = Config()
    config.set("accesslog", "-")
    request = SimpleNamespace(headers=[("REFERER", "https://x.test/?token=abcdefghijk-token")])
    response = SimpleNamespace(status="200 OK", sent=7, headers=[])
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/unsubscribe/abcdefghijk-token/",
        "QUERY_STRING": "email=hanako@ok.test",
        "RAW_URI": "/unsubscribe/abcdefghijk-token/?email=hanako@ok.test",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": "https://x.test/?token=abcdefghijk-token",
        "REMOTE_ADDR": "127.0.0.1",
    }
    took = SimpleNamespace(total_seconds=lambda: 1.0, seconds=1, microseconds=0)
    log = Logger(config)

    log.access(response, request, environ, took)

    said = capsys.readouterr()
    assert leaks(said.out + said.err) == []
    assert "GET /unsubscribe/…/ HTTP/1.1" in said.out + said.err
