"""The demo, whole: from an empty folder with a space in its name to the right mail in the right mailbox."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from devtools.embedded import places
from notifications.types.definitions import TYPES
from notifications.types.payloads.samples import SAMPLES
from tests.waiting import LIMIT_SECONDS, wait_until

pytestmark = pytest.mark.drill

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 600
OURS = ("VAR_DIR", "SELLERHUB_DEVELOPMENT", "DJANGO_SETTINGS_MODULE", *places.SERVER_NAMES)
"""What this test run set for itself and a newcomer has not."""
REQUIRED = {key for key, kind in TYPES.items() if kind.required}
HANAKO_EXPECTS = {
    "hanako@ok.test": REQUIRED
    | {
        "order_confirmed",
        "claim_opened",
        "listing_closed",
        "coach_recommendations",
        "out_of_stock_weekly",
        "technical_notice",
    },
    "orders@ok.test": {"order_confirmed", "return_requested"},
}
MIKA_EXPECTS = {
    "mika@ok.test": REQUIRED
    | {
        "order_confirmed",
        "return_requested",
        "claim_opened",
        "out_of_stock_weekly",
        "business_update",
        "technical_notice",
    }
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A fresh checkout, running. Stopped as Ctrl-C does; then nothing of it may run on."""
    checkout = tmp_path_factory.mktemp("demo") / "a folder with a space"
    made_here = [line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()]
    shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(".git", *made_here))
    log = checkout / "demo.log"
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "devtools.scripts.demo"],
            cwd=checkout,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:

        def is_ready() -> bool:
            if process.poll() is not None:
                pytest.fail(f"The demo did not start. The end of {log}:\n{log.read_text()[-3000:]}")
            return "SellerHub is ready" in log.read_text()

        wait_until(is_ready, "the demo is ready", START_SECONDS, log=log)
        yield json.loads((checkout / "var" / "demo.json").read_text()) | {"checkout": checkout}
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            pytest.fail(f"The demo did not stop within {LIMIT_SECONDS:g} seconds. Read {log}.")
    assert _running_in(checkout) == []


def test_every_type_reaches_exactly_whom_the_preferences_name(demo: dict[str, Any]) -> None:
    _call("DELETE", demo["sandbox"] + "/api/mail")
    shops = {role: demo["users"][role]["seller"] for role in ("primary", "other_shop")}
    events = [
        {
            "id": f"whole-path-{role}-{key}",
            "seller": seller,
            "type": key,
            "occurred_at": datetime.now(UTC).isoformat(),
            "data": SAMPLES[key],
        }
        for role, seller in shops.items()
        for key in TYPES
    ]

    first = _post_events(demo, events)
    again = _post_events(demo, events)

    assert Counter(result["status"] for result in first) == {"accepted": 48}
    assert Counter(result["status"] for result in again) == {"duplicate": 48}
    assert [result["id"] for result in again] == [result["id"] for result in first]
    type_of = {result["id"]: event["type"] for result, event in zip(first, events, strict=True)}
    expected = {(to, key) for to, keys in (HANAKO_EXPECTS | MIKA_EXPECTS).items() for key in keys}
    _until(demo, lambda: _is_settled(demo, type_of), "every mail has its outcome")
    mails = _mails(demo)
    assert Counter((mail["to"], _type(mail, type_of)) for mail in mails) == Counter(expected)
    assert {(mail["to"], mail["headers"]["Content-Language"]) for mail in mails} == {
        ("hanako@ok.test", "ja"),
        ("orders@ok.test", "ja"),
        ("mika@ok.test", "en"),
    }


def test_the_answer_to_a_source_says_where_each_went_or_why_not(demo: dict[str, Any]) -> None:
    event = {
        "id": "whole-path-pending",
        "seller": demo["users"]["primary"]["seller"],
        "type": "order_confirmed",
        "occurred_at": datetime.now(UTC).isoformat(),
        "data": SAMPLES["order_confirmed"] | {"order_id": "503-0000000-0000001", "status": "pending"},
    }
    [result] = _post_events(demo, [event])

    status = _call("GET", f"{demo['site']}/api/v1/notifications/{result['id']}", key=demo["events_key"])

    assert status["withheld"] == "order_not_confirmed"
    assert status["deliveries"] == []
    assert {decision["decision"] for decision in status["decisions"]} == {"order_not_confirmed"}


def test_a_feed_of_a_shops_own_cart_becomes_a_notice_with_the_carrier_of_the_marketplace(
    demo: dict[str, Any],
) -> None:
    _call("DELETE", demo["sandbox"] + "/api/mail")
    feed = (
        "注文番号,処理区分,配送業者,商品名,SKU,数量\n"
        "503-0000000-0000002,未処理,ｸﾛﾈｺﾔﾏﾄ,美濃焼 湯呑み,HC-YUNOMI-02,1\n"
        "503-0000000-0000003,未処理,クロネコヤマト,美濃焼 湯呑み,HC-YUNOMI-02,たくさん\n"
    )

    answer = _post_feed(demo, feed.encode("cp932"))

    assert [one["status"] for one in answer["results"]] == ["accepted", "parked"]
    _until(demo, lambda: _mails(demo), "a mail of the order")
    [notice] = {re.search(r"/n/([0-9a-f-]{36})/", mail["text"])[1] for mail in _mails(demo)}
    code = f"""
import time; from notifications.models import Delivery
while Delivery.objects.filter(notification={notice!r}, status="queued").exists(): time.sleep(0.05)
"""
    _shell(demo, code)
    mails = _mails(demo)
    assert len(mails) == 2
    assert {mail["to"] for mail in mails} == {"hanako@ok.test", "orders@ok.test"}
    assert all("503-0000000-0000002" in mail["subject"] for mail in mails)
    assert all("ヤマト運輸" in mail["text"] for mail in mails)


def test_line_is_linked_and_told_nine_types_in_its_user_s_language(demo: dict[str, Any]) -> None:
    people = {one["name"]: one["id"] for one in _call("GET", demo["sandbox"] + "/api/line/users")}
    users = {"primary": people["花子"], "other_shop": people["Emma"]}
    for role, person in users.items():
        _link(demo, role, person)
    # Each link is confirmed in the chat, in the background; that message is none of those counted here.
    _shell(
        demo,
        "import time; from notifications.models import LineNotice\nwhile LineNotice.objects.exists(): time.sleep(0.05)",
    )
    _call("DELETE", demo["sandbox"] + "/api/line/messages")
    events = [
        {
            "id": f"line-{role}-{key}",
            "seller": demo["users"][role]["seller"],
            "type": key,
            "occurred_at": datetime.now(UTC).isoformat(),
            "data": _of_another_order(SAMPLES[key]),
        }
        for role in users
        for key in TYPES
    ]

    results = _post_events(demo, events)

    _until(demo, lambda: _is_settled(demo, [one["id"] for one in results]), "every message has its outcome")
    heads = {person: [one["text"] for one in _chats(demo) if one["user"] == person] for person in users.values()}
    assert [len(texts) for texts in heads.values()] == [9, 9]
    assert all(text.startswith("【重要】花子の器：") for text in heads[users["primary"]])
    assert all(text.startswith("[Mika Books] Important: ") for text in heads[users["other_shop"]])


def test_mail_that_comes_back_later_stops_its_address(demo: dict[str, Any]) -> None:
    address = "later-full.exchange@ok.test"
    code = f"""
from accounts.models import Membership, SellerAccount, User
from notifications import models
from notifications.recipients import preferences
shop = SellerAccount.objects.create(name="Comes Back", language="en")
zoe = User.objects.create_user("zoe@ok.test", name="Zoe")
Membership.objects.create(account=shop, user=zoe, role="primary")
address = models.Address.objects.create(account=shop, email={address!r}, state="active")
wish = preferences.PreferenceInput(email=True, addresses=(address.pk,))
preferences.save(shop, {{"claim_opened": wish}}, by=zoe)
print(shop.public_id)
"""
    seller = _shell(demo, code).strip()
    event = {
        "id": "comes-back",
        "seller": seller,
        "type": "claim_opened",
        "occurred_at": datetime.now(UTC).isoformat(),
        "data": SAMPLES["claim_opened"],
    }

    [result] = _post_events(demo, [event])
    url = f"{demo['site']}/api/v1/notifications/{result['id']}"

    def is_held() -> bool:
        deliveries = _call("GET", url, key=demo["events_key"])["deliveries"]
        return "held" in [one["status"] for one in deliveries]

    _until(demo, is_held, "the mail came back and is held")
    standing = _shell(
        demo,
        "from notifications.models import Address;"
        f"one = Address.objects.get(email={address!r});"
        "print(one.state, one.failure, one.next_try_at is not None)",
    )
    assert standing.split() == ["failing", "mailbox_full", "True"]
    assert len(_call("GET", f"{demo['sandbox']}/api/mail?to={address}")) == 1


def _of_another_order(data: dict[str, Any]) -> dict[str, Any]:
    """Of an order, its confirmation is told once."""
    return data | {"order_id": "503-0000000-0000009"} if "order_id" in data else data


def _shell(demo: dict[str, Any], code: str) -> str:
    """Run some Python in the demo's own site."""
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=demo["checkout"],
        env=environment | {"DJANGO_SETTINGS_MODULE": "devtools.settings"},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _link(demo: dict[str, Any], role: str, person: str) -> None:
    """The whole way from the chat, as a person goes it, without a browser."""
    who, api = demo["users"][role], f"{demo['sandbox']}/api/line/users/{person}"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), _AsOnPhone(person))
    _call("POST", f"{api}/follow", {})
    _until(demo, lambda: _buttons(demo, person), "a first button in the chat")
    _call("POST", f"{api}/tap", {"data": "link"})
    _until(demo, lambda: len(_buttons(demo, person)) >= 2, "a second button in the chat")
    page = browser.open(_buttons(demo, person)[-1]["uri"], timeout=LIMIT_SECONDS)
    page = browser.open(page.url, _form(page, login=who["email"], password=who["password"]), timeout=LIMIT_SECONDS)
    consent = page.url
    browser.open(consent, _form(page, agree="yes", shop=who["seller"]), timeout=LIMIT_SECONDS)
    _until(
        demo,
        lambda: "hx-trigger" not in browser.open(consent, timeout=LIMIT_SECONDS).read().decode(),
        "the page says that the shop is linked",
    )


class _AsOnPhone(urllib.request.HTTPRedirectHandler):
    """LINE knows whose phone it is; the cookie of the phone page says so here."""

    def __init__(self, person: str) -> None:
        self._person = person

    def redirect_request(self, *arguments: Any) -> urllib.request.Request | None:
        *rest, url = arguments
        return super().redirect_request(*rest, f"{url}&as={self._person}" if "/dialog/" in url else url)


def _form(page: Any, **fields: str) -> bytes:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode().partition("<main")[2])
    assert found is not None
    return urlencode({"csrfmiddlewaretoken": found[1], **fields}).encode()


def _chats(demo: dict[str, Any]) -> list[dict[str, Any]]:
    chats: list[dict[str, Any]] = _call("GET", demo["sandbox"] + "/api/line/messages")
    return [one for one in chats if one["from"] == "bot"]


def _buttons(demo: dict[str, Any], person: str) -> list[dict[str, Any]]:
    """The first button of each bubble in somebody's chat."""
    bubbles = [one["message"]["contents"] for one in _chats(demo) if one["user"] == person]
    return [bubble["footer"]["contents"][0]["action"] for bubble in bubbles]


def _until(demo: dict[str, Any], done: Callable[[], object], what: str) -> None:
    wait_until(done, what, log=demo["checkout"] / "var" / "log")


def _is_settled(demo: dict[str, Any], notifications: Iterable[str]) -> bool:
    """Whether all that should leave for these has left: what is seen then is all that will ever come."""
    urls = (f"{demo['site']}/api/v1/notifications/{one}" for one in notifications)
    return all(
        delivery["status"] != "queued"
        for url in urls
        for delivery in _call("GET", url, key=demo["events_key"])["deliveries"]
    )


def _type(mail: dict[str, Any], type_of: dict[str, str]) -> str:
    """Which notification the mail links to, by the short address on its button."""
    [key] = {key for notification, key in type_of.items() if f"/n/{notification}/" in mail["text"]}
    return key


def _mails(demo: dict[str, Any]) -> list[dict[str, Any]]:
    """All that tell of a notification; letters about addresses come when they like."""
    return [mail for mail in _call("GET", demo["sandbox"] + "/api/mail") if "/n/" in mail["text"]]


def _post_events(demo: dict[str, Any], events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    answer = _call("POST", demo["site"] + "/api/v1/events", {"events": events}, key=demo["events_key"])
    results: list[dict[str, Any]] = answer["results"]
    return results


def _post_feed(demo: dict[str, Any], feed: bytes) -> Any:
    request = urllib.request.Request(  # noqa: S310
        demo["site"] + "/api/v1/sources/cart",
        feed,
        {"Content-Type": "text/csv", "Authorization": f"Bearer {demo['cart_key']}"},
    )
    with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as response:  # noqa: S310
        return json.loads(response.read())


def _call(method: str, url: str, body: Any = None, *, key: str = "") -> Any:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    request = urllib.request.Request(  # noqa: S310
        url, json.dumps(body).encode() if body is not None else None, headers, method=method
    )
    with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as response:  # noqa: S310
        raw = response.read()
    return json.loads(raw) if raw else None


def _running_in(folder: Path) -> list[str]:
    """Command lines of processes that work in or below the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve().is_relative_to(folder):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found
