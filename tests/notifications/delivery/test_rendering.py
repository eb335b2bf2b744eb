"""Letters: the same story as text and as HTML."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils.translation import override

from notifications.delivery.rendering import NotificationFacts, render_content, render_email
from notifications.types.definitions import TYPES
from notifications.types.payloads import PayloadError
from notifications.types.payloads.samples import SAMPLES

PAGE = "https://hub.example/n/0192d3c8/"
OPTIONS = "https://hub.example/settings/notifications/listings/edit/"


def facts(key: str, **changes: object) -> NotificationFacts:
    return NotificationFacts(
        type=key,
        data={**SAMPLES[key], **changes},
        shop="花子の器",
        time_zone="Asia/Tokyo",
        page_url=PAGE,
        options_url=OPTIONS,
    )


class Page(HTMLParser):
    """What a mail client sees: tags that are balanced, links and text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.words: list[str] = []
        self.language: str | None = None
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "html":
            self.language = dict(attrs)["lang"]
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_text_of_a_letter() -> None:
    subject, text, _ = render_email(facts("listing_closed"), "ja").addressed_to("hanako@ok.test")

    assert subject == "【花子の器】出品が終了しました：備前焼 徳利"
    assert text == (
        "SellerHub – 花子の器\n"
        "\n"
        "出品が終了しました：備前焼 徳利\n"
        "----------------------------------------\n"
        "出品が終了し、購入者はこの商品を注文できなくなりました。\n"
        "\n"
        "商品：備前焼 徳利\n"
        "SKU：HC-TOKKURI-03\n"
        "理由：商品の説明が商品登録の規約に合っていません。\n"
        "\n"
        "■ 必要な対応\n"
        "販売を続ける場合は、理由となった問題を解消してから、あらためて出品してください。\n"
        "\n"
        "▶ 通知を確認する\n"
        "https://hub.example/n/0192d3c8/\n"
        "\n"
        "----------------------------------------\n"
        "受け取る通知と送信先の変更：\n"
        "https://hub.example/settings/notifications/listings/edit/\n"
        "日時は、タイムゾーン「Asia/Tokyo」で表示しています。\n"
        "このメールは送信専用です。返信いただいてもお答えできません。\n"
        "このメールは、ショップ「花子の器」の通知「出品の終了」の送信先に設定されている "
        "hanako@ok.test にお送りしています。\n"
    )


@pytest.mark.parametrize("code", ["ja", "en"])
@pytest.mark.parametrize("key", list(TYPES))
def test_only_what_is_optional_can_be_stopped(key: str, code: str) -> None:
    url = "https://hub.example/unsubscribe/"

    made = render_email(replace(facts(key), unsubscribe_url=url), code)
    _, text, html = made.addressed_to("hanako@ok.test", token="T0-ken")

    optional = not TYPES[key].required
    assert made.unsubscribe_url == (url if optional else "")
    assert text.splitlines().count(url + "T0-ken") == int(optional)
    assert Page(html).links.count(url + "T0-ken") == int(optional)
    assert ("unsubscribe" in text + html) == optional
    assert "\x00" not in text + html


def test_items_steps_and_sections_in_the_text() -> None:
    _, order, _ = render_email(facts("fba_order_confirmed"), "en").addressed_to("mika@ok.test")
    _, rate, _ = render_email(facts("late_shipment_rate"), "en").addressed_to("mika@ok.test")

    assert "\n\n- 有田焼 マグカップ 麻の葉\n  SKU: HC-MUG-05\n  Quantity: 2\n  Unit price: ¥2,750\n\n" in order
    assert "\n2. Do not process this order in your own shop system.\n" in order
    assert "\n\n■ Usual causes\n- Shipments were confirmed days after they left the shop.\n" in rate


def test_the_address_of_a_file_stands_on_a_line_of_its_own() -> None:
    _, text, _ = render_email(facts("report_sold_listings"), "en").addressed_to("mika@ok.test")

    assert SAMPLES["report_sold_listings"]["url"] in text.splitlines()


@pytest.mark.parametrize("code", ["ja", "en"])
@pytest.mark.parametrize("key", list(TYPES))
def test_every_letter_is_whole(key: str, code: str) -> None:
    told = render_content(facts(key), code)

    subject, text, html = render_email(facts(key), code).addressed_to("hanako@ok.test")

    page = Page(html)
    assert (page.open, page.language) == ([], code)
    assert subject == told.subject
    assert [link for link in page.links if link in (PAGE, OPTIONS)] == [PAGE, OPTIONS]
    assert [text.splitlines().count(url) for url in (PAGE, OPTIONS)] == [1, 1]
    wanted = [told.headline, told.happened, told.action, *told.todo, *told.paragraphs, "花子の器"]
    wanted += [part for fact in told.facts for part in (fact.label, fact.value)]
    wanted += [part for section in told.sections for part in (section.title, *section.points)]
    wanted += [told.note] if told.note else []
    if told.table:
        wanted += [part for row in told.table.rows for part in (row.main, *filter(None, [row.detail]), *row.values)]
        wanted += [*told.table.headers[1:]]
    shown = "\n".join(page.words)
    assert [words for words in wanted if words not in text] == []
    assert [words for words in wanted if words not in shown] == []
    assert (text.count("hanako@ok.test"), shown.count("hanako@ok.test")) == (1, 1)


@pytest.mark.parametrize("key", list(TYPES))
def test_a_letter_says_whether_it_can_be_switched_off(key: str) -> None:
    _, text, html = render_email(facts(key), "en").addressed_to("mika@ok.test")

    required = "This notification is required and cannot be switched off. Choose where it goes:"
    optional = "Choose which e-mails you receive and where they go:"
    said, unsaid = (required, optional) if TYPES[key].required else (optional, required)
    assert (said in text, said in html) == (True, True)
    assert (unsaid in text, unsaid in html) == (False, False)


def test_recipients_differ_in_their_address_alone() -> None:
    for_all = render_email(facts("order_confirmed"), "ja")

    taro, hanako = for_all.addressed_to("taro@ok.test"), for_all.addressed_to("hanako@ok.test")

    assert tuple(part.replace("taro@ok.test", "hanako@ok.test") for part in taro) == hanako
    assert [len(for_all.text), len(for_all.html)] == [2, 2]
    assert [len(for_all.text[1]) < 40, len(for_all.html[1]) < 120] == [True, True]


def test_the_lines_of_a_paragraph_stay_lines() -> None:
    body = {"ja": "一", "en": "First line\nsecond line\n\nNew paragraph"}

    _, text, html = render_email(facts("business_update", body=body), "en").addressed_to("mika@ok.test")

    assert "\n\nFirst line\nsecond line\n\nNew paragraph\n" in text
    assert 'px 0 0">First line<br>second line</p>' in html


HOSTILE = "\"><script>alert('x')</script>&amp;<b>"


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("order_confirmed", {"shipping_method": HOSTILE}),
        ("order_confirmed", {"items": [{"title": HOSTILE, "sku": HOSTILE, "quantity": 1}]}),
        ("return_requested", {"reason": HOSTILE}),
        ("listing_created", {"title": HOSTILE}),
        ("coach_recommendations", {"recommendations": [{"kind": "price", "text": HOSTILE}]}),
        ("business_update", {"title": {"ja": HOSTILE, "en": HOSTILE}, "body": {"ja": HOSTILE, "en": HOSTILE}}),
        ("account_suspended", {"reason": HOSTILE, "policies": [HOSTILE]}),
    ],
)
def test_nothing_from_outside_becomes_html(key: str, changes: dict[str, Any]) -> None:
    plain = Page(render_email(facts(key), "en").addressed_to("mika@ok.test")[2])

    page = Page(render_email(facts(key, **changes), "en").addressed_to("mika@ok.test")[2])

    assert page.open == []
    assert set(page.tags) - set(plain.tags) == set()
    assert HOSTILE[:38] in "".join(page.words)


def test_neither_the_shop_nor_the_recipient_becomes_html() -> None:
    hostile = replace(facts("listing_created"), shop="<b>%(address)s & Co</b>")

    _, text, html = render_email(hostile, "en").addressed_to('"<i>"@ok.test')

    page = Page(html)
    assert [tag for tag in page.tags if tag in ("b", "i")] == ["b"]  # the name of the site
    assert "<b>%(address)s & Co</b>" in text
    assert '"<i>"@ok.test' in "".join(page.words)


@pytest.mark.parametrize("active", ["ja", "en"])
def test_the_language_of_the_recipient_counts_and_no_other(active: str) -> None:
    with override(active):
        subject = render_email(facts("account_suspended"), "ja").subject

    assert subject == "【重要】花子の器：出品用アカウントが停止されました"


def test_threads_do_not_mix_languages() -> None:
    work = [(key, code) for key in TYPES for code in ("ja", "en")] * 4
    alone = [render_email(facts(key), code) for key, code in work]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda one: render_email(facts(one[0]), one[1]), work))

    assert together == alone


def test_data_that_no_longer_fit_are_said_so() -> None:
    with pytest.raises(PayloadError):
        render_email(facts("order_confirmed", status="paid"), "ja")
