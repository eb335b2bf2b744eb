import json
import smtplib
import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tests.waiting import LIMIT_SECONDS


def open_page(url: str, method: str = "GET", **headers: str):
    request = urllib.request.Request(url, method=method, headers=headers)  # noqa: S310 (our own http address)
    return urllib.request.urlopen(request, timeout=LIMIT_SECONDS)  # noqa: S310


BEGAN = datetime.now(UTC)


def api(sandbox, query: str = "") -> list[dict]:
    with open_page(f"{sandbox.url}/api/mail{query}") as response:
        return json.load(response)


@pytest.fixture
def mail(sandbox):
    open_page(f"{sandbox.url}/api/mail", "DELETE").close()
    message = EmailMessage()
    message["Subject"] = "ご注文が確定しました"
    message["From"] = "SellerHub <no-reply@site.example>"
    message["To"] = "花子 <hanako@ok.test>"
    message["Message-ID"] = "<1@site.example>"
    message.set_content("花子さん\nhttps://site.example/orders/1 <b>\n")
    message.add_alternative("<html><head></head><body><script>1</script><p>花子さん</p></body></html>", subtype="html")
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port) as client:
        client.send_message(message, "bounces@site.example", ["Hanako@ok.test", "taro@ok.test"])
    return message


def test_json_of_one_mailbox(sandbox, mail):
    (found,) = api(sandbox, "?to=hanako@OK.test")

    received_at = datetime.fromisoformat(found.pop("received_at"))
    headers = found.pop("headers")
    assert BEGAN <= received_at <= datetime.now(UTC)
    assert headers["Message-ID"] == "<1@site.example>"
    assert headers["To"] == "花子 <hanako@ok.test>"
    assert found == {
        "to": "Hanako@ok.test",
        "from": "SellerHub <no-reply@site.example>",
        "envelope_from": "bounces@site.example",
        "subject": "ご注文が確定しました",
        "text": "花子さん\r\nhttps://site.example/orders/1 <b>\r\n",
        "html": "<html><head></head><body><script>1</script><p>花子さん</p></body></html>\r\n",
    }


def test_json_of_all_by_limit_and_offset(sandbox, mail):
    assert [found["to"] for found in api(sandbox)] == ["Hanako@ok.test", "taro@ok.test"]
    assert [found["to"] for found in api(sandbox, "?limit=1&offset=1")] == ["taro@ok.test"]
    assert api(sandbox, "?to=nobody@ok.test") == []


def test_delete_one_mailbox_or_all(sandbox, mail):
    open_page(f"{sandbox.url}/api/mail?to=hanako@ok.test", "DELETE").close()
    after_one = [found["to"] for found in api(sandbox)]
    open_page(f"{sandbox.url}/api/mail", "DELETE").close()

    assert after_one == ["taro@ok.test"]
    assert api(sandbox) == []


def test_another_site_cannot_empty_the_mailboxes(sandbox, mail):
    with pytest.raises(urllib.error.HTTPError) as refused:
        open_page(f"{sandbox.url}/clear", "POST", Origin="https://elsewhere.example")

    assert refused.value.code == 403
    refused.value.close()
    assert len(api(sandbox)) == 2


def test_the_pages_of_a_mail(sandbox, mail):
    with open_page(f"{sandbox.url}/") as response:
        index = response.read().decode()
    with open_page(f"{sandbox.url}/mailbox?to=hanako@ok.test") as response:
        mailbox = response.read().decode()
    path = mailbox.split('<li><a href="')[1].split('"')[0]
    parts = {}
    for part in ("html", "text", "headers", "source"):
        with open_page(f"{sandbox.url}{path}?part={part}") as response:
            parts[part] = response.read().decode()
            assert "script-src" not in response.headers["Content-Security-Policy"]
            assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")

    assert "Hanako@ok.test" in index
    assert "ご注文が確定しました" in mailbox
    assert f'src="{path}/html"' in parts["html"]
    assert '<a href="https://site.example/orders/1" target="_blank" rel="noreferrer">' in parts["text"]
    assert "&lt;b&gt;" in parts["text"]
    assert "&lt;1@site.example&gt;" in parts["headers"]
    assert "multipart/alternative" in parts["source"]


def test_the_html_of_a_mail_is_locked_in(sandbox, mail):
    with open_page(f"{sandbox.url}/mailbox?to=taro@ok.test") as response:
        path = response.read().decode().split('<li><a href="')[1].split('"')[0]

    with open_page(f"{sandbox.url}{path}/html") as response:
        policy = response.headers["Content-Security-Policy"]
        html = response.read().decode()

    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';")
    assert '<head><base target="_blank"></head>' in html


@pytest.mark.parametrize("path", ["/nothing", "/mail/999999", "/mail/999999/html"])
def test_unknown_pages_are_404(sandbox, path):
    with pytest.raises(urllib.error.HTTPError) as missing:
        open_page(f"{sandbox.url}{path}")

    assert missing.value.code == 404
    missing.value.close()
