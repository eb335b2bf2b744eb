"""What the messages say."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from notifications.types.content import (
    WORDING,
    Fact,
    MessageContent,
    RecipientContext,
    Row,
    Section,
    Table,
    language,
)
from notifications.types.definitions import GROUP_BY_KEY, TYPES
from notifications.types.payloads import read
from notifications.types.payloads.samples import SAMPLES


def tell(key: str, code: str = "en", *, zone: str = "Asia/Tokyo", **changes: object) -> MessageContent:
    data: Mapping[str, Any] = {**SAMPLES[key], **changes}
    return WORDING[key](read(key, data), RecipientContext("花子の器", ZoneInfo(zone), language(code)))


def facts(story: MessageContent) -> dict[str, str]:
    return {fact.label: fact.value for fact in story.facts}


def test_every_type_has_its_words() -> None:
    assert list(WORDING) == list(TYPES)


def test_an_order_in_japanese() -> None:
    story = tell("order_confirmed", "ja")

    assert story == MessageContent(
        headline="注文503-1946025-7718203が確定しました",
        subject="【花子の器】注文503-1946025-7718203が確定しました",
        happened="出品者出荷の注文が確定し、出荷できるようになりました。",
        action="通知を確認する",
        facts=(
            Fact("注文番号", "503-1946025-7718203"),
            Fact("配送方法", "通常配送"),
            Fact("出荷期限", "2026年11月24日 23:59"),
        ),
        table=Table(
            headers=("商品", "数量", "単価"),
            rows=(
                Row("美濃焼 手びねり湯呑み 青磁 2個セット", "SKU：HC-YUNOMI-02", ("1", "¥3,200")),
                Row("波佐見焼 豆皿 染付 千鳥", "SKU：HC-MAMEZARA-11", ("3", "¥880")),
            ),
        ),
        todo=(
            "注文管理または注文レポートで、注文内容とお届け先を確認してください。",
            "2026年11月24日 23:59までに出荷してください。",
            "出荷後は、配送業者と追跡番号（ある場合）を登録して、出荷通知を送信してください。",
        ),
        note="このお知らせは注文レポートを補うものです。注文の正式な情報は、注文レポートで確認してください。",
    )


def test_a_late_shipment_rate_in_english() -> None:
    story = tell("late_shipment_rate")

    assert story == MessageContent(
        headline="Your late shipment rate is too high: 4.2%",
        subject="[花子の器] Important: Your late shipment rate is too high: 4.2%",
        happened="Your late shipment rate is 4.2%; the requirement is 4% or less.",
        action="See what to do",
        paragraphs=("If this continues, your seller account may be suspended.",),
        facts=(
            Fact("Late shipment rate", "4.2%"),
            Fact("Requirement", "4% or less"),
            Fact("Period", "14 November 2026 to 20 November 2026"),
        ),
        todo=(
            "Ship every confirmed order by its ship-by date.",
            "Confirm each shipment as soon as the carrier has it: until then it counts as not shipped.",
            "If you cannot keep to your handling times, set them to what your shop can really manage.",
            "Tell buyers about delays, and answer their messages within 24 hours.",
        ),
        sections=(
            Section(
                "Usual causes",
                (
                    "Shipments were confirmed days after they left the shop.",
                    "Orders came in for products that were not in stock.",
                    "Holidays and closed days were not taken into account in the handling time.",
                ),
            ),
        ),
        note=(
            "If you are asked for a plan of action: name the cause, what you have done, and how it will not happen"
            " again. A plan that leaves out a point that was raised is sent back."
        ),
    )


def test_what_is_required_is_important() -> None:
    important = {key for key in TYPES if tell(key).subject.startswith("[花子の器] Important: ")}

    assert important == {key for key, kind in TYPES.items() if kind.required}


@pytest.mark.parametrize("key", list(TYPES))
def test_every_message_says_what_to_do_and_fits_a_subject(key: str) -> None:
    story = tell(key)

    assert story.todo != ()
    assert len(story.headline) <= 80


@pytest.mark.parametrize(
    ("code", "zone", "said"),
    [
        ("ja", "Asia/Tokyo", "2026年11月24日 23:59"),
        ("en", "Asia/Tokyo", "24 November 2026, 23:59"),
        ("en", "America/New_York", "24 November 2026, 09:59"),
        ("ja", "Pacific/Auckland", "2026年11月25日 03:59"),
    ],
)
def test_times_are_told_on_the_clock_of_the_shop(code: str, zone: str, said: str) -> None:
    story = tell("order_confirmed", code, zone=zone, ship_by="2026-11-24T14:59:00+00:00")

    assert story.facts[2].value == said


def test_a_day_is_the_same_day_everywhere() -> None:
    story = tell("order_confirmed", zone="America/New_York", ship_by="2026-11-24")

    assert facts(story)["Ship by"] == "24 November 2026"


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (184200, "JPY", "¥184,200"),
        ("12.5", "USD", "$12.50"),
        (1000, "EUR", "€1,000.00"),
        (25, "SGD", "SGD 25.00"),
        (9000, "KRW", "KRW 9,000"),
    ],
)
def test_money(amount: object, currency: str, said: str) -> None:
    story = tell("disbursement_failed", amount=amount, currency=currency)

    assert facts(story)["Amount"] == said


@pytest.mark.parametrize(
    ("rate", "said"),
    [(4.2, "4.2%"), ("5.00", "5%"), (10, "10%"), (100, "100%"), ("1E+1", "10%"), (4.0001, "4.0001%")],
)
def test_rates(rate: object, said: str) -> None:
    assert facts(tell("late_shipment_rate", rate=rate))["Late shipment rate"] == said


@pytest.mark.parametrize(
    ("status", "headline", "todo"),
    [
        (
            "pending",
            "Order 503-1946025-7718203 is pending",
            "Do not ship it yet, even if the buyer asks for it. You are told when the order is confirmed.",
        ),
        ("cancelled", "Order 503-1946025-7718203 was cancelled", "Do not ship it."),
    ],
)
def test_an_order_that_is_not_confirmed_must_not_be_shipped(status: str, headline: str, todo: str) -> None:
    story = tell("order_confirmed", status=status)

    assert story.headline == headline
    assert story.todo == (todo,)


def test_a_rate_that_meets_the_requirement_does_not_alarm() -> None:
    late, tracking = tell("late_shipment_rate", rate=4), tell("valid_tracking_rate", rate=95)

    assert late.subject == "[花子の器] Late shipment rate: 4%"
    assert tracking.subject == "[花子の器] Valid tracking rate: 95%"
    assert [late.happened, tracking.happened] == ["The rate meets the requirement."] * 2


def test_empty_lists_say_so() -> None:
    coach, stock = tell("coach_recommendations", recommendations=[]), tell("out_of_stock_weekly", products=[])

    assert coach.happened == "The selling coach has no recommendations now."
    assert stock.happened == "None of your popular products is out of stock."
    assert [coach.table, stock.table] == [None, None]


def test_an_order_without_prices_has_no_column_for_them() -> None:
    story = tell("fba_order_confirmed", items=[{"title": "マグ", "sku": "M-1", "quantity": 2}])

    assert story.table == Table(("Product", "Quantity"), (Row("マグ", "SKU: M-1", ("2",)),))


def test_one_price_that_is_missing_is_a_dash() -> None:
    items = [
        {"title": "マグ", "sku": "M-1", "quantity": 2, "price": "12.50", "currency": "USD"},
        {"title": "皿", "sku": "M-2", "quantity": 1},
    ]

    story = tell("fba_order_confirmed", items=items)

    assert story.table == Table(
        ("Product", "Quantity", "Unit price"),
        (Row("マグ", "SKU: M-1", ("2", "$12.50")), Row("皿", "SKU: M-2", ("1", "–"))),
    )


@pytest.mark.parametrize(
    ("state", "received", "todo"),
    [
        ("receiving", 12, "There is nothing you need to do now."),
        ("closed", 48, "There is nothing you need to do now."),
        (
            "closed",
            46,
            "The quantity received differs from the quantity expected. Compare it with your packing records.",
        ),
        ("error", 0, "Check the shipment and correct what is wrong with it."),
    ],
)
def test_an_inbound_shipment_asks_for_help_only_when_needed(state: str, received: int, todo: str) -> None:
    assert tell("fba_inbound_shipment", state=state, received=received).todo == (todo,)


@pytest.mark.parametrize(
    ("contact", "fact"),
    [
        ("2026-11-24", Fact("We will contact you from", "24 November 2026")),
        ("2026-11-24T10:00:00+09:00", Fact("We will contact you from", "24 November 2026, 10:00")),
        (
            "Seller Performance, +81 3-0000-0000",
            Fact("Who will contact you", "Seller Performance, +81 3-0000-0000"),
        ),
    ],
)
def test_who_will_call_or_when(contact: str, fact: Fact) -> None:
    assert tell("health_contact", contact_from=contact).facts[1] == fact


def test_a_broadcast_speaks_the_language_of_the_reader() -> None:
    english, japanese = tell("emergency_notice", "en"), tell("emergency_notice", "ja")

    assert english.headline == "Typhoon No. 22 affects deliveries"
    assert japanese.headline == "台風22号による配送への影響"
    assert [english.facts[0].value, japanese.facts[0].value] == ["Kyushu", "九州地方"]
    assert tell("emergency_notice", region="九州").facts[0].value == "九州"


def test_empty_lines_part_the_paragraphs_of_a_broadcast() -> None:
    body = {"ja": "一\n\n二", "en": "One\r\nline\r\n \r\n\r\nTwo"}

    assert tell("business_update", body=body).paragraphs == ("One\r\nline", "Two")


def test_an_outage_may_have_no_end_yet() -> None:
    assert facts(tell("technical_notice", ends_at=None))["Ends"] == "Not known yet"


def test_a_notice_may_be_about_orders_and_bring_its_own_steps() -> None:
    story = tell(
        "technical_notice",
        "ja",
        starts_at=None,
        ends_at=None,
        happened={"ja": "連携に失敗しました。", "en": "The sync failed."},
        steps=[{"ja": "出荷通知を送信してください。", "en": "Confirm the shipment."}],
        orders=[{"order_id": "503-1", "carrier": "ヤマト運輸"}, {"order_id": "503-2"}],
    )

    assert story.happened == "連携に失敗しました。"
    assert story.facts == ()
    assert story.todo == ("出荷通知を送信してください。",)
    assert story.table is not None
    assert story.table.rows == (Row("503-1", "", ("ヤマト運輸",)), Row("503-2", "", ("–",)))


def test_a_notice_without_a_time_and_steps_asks_for_nothing() -> None:
    story = tell("technical_notice", starts_at=None, ends_at=None, orders=[{"order_id": "503-1"}])

    assert story.todo == ("There is nothing you need to do now.",)
    assert story.table == Table(("Order ID",), (Row("503-1", "", ()),))


def test_an_order_tells_its_carrier_in_the_words_of_both_sides() -> None:
    carrier = {"name": "ヤマト運輸", "own_name": "クロネコヤマト"}

    told = facts(tell("order_confirmed", carrier=carrier))

    assert told["Carrier at the marketplace"] == "ヤマト運輸"
    assert told["Carrier in your shop system"] == "クロネコヤマト"


def test_a_carrier_that_the_marketplace_does_not_know_is_to_be_chosen_there() -> None:
    known, unknown = (
        tell("order_confirmed", carrier={"name": "配送業者ABF", "known": known}) for known in (True, False)
    )

    assert unknown.todo[:-1] == known.todo
    assert unknown.todo[-1].startswith("The marketplace has no name for this carrier.")


def test_an_order_reads_well_when_little_is_known_of_it() -> None:
    story = tell("order_confirmed", shipping_method=None, ship_by=None)

    assert facts(story) == {"Order ID": "503-1946025-7718203"}
    assert story.todo[1] == "Ship it in time."


def test_a_return_may_lack_its_reason_and_its_deadline() -> None:
    story = tell("return_requested", reason=None, respond_by=None)

    assert facts(story) == {"Order ID": "503-1946025-7718203"}
    assert story.todo[1] == "Answer the buyer."


def test_a_suspension_without_policies_names_none() -> None:
    story = tell("account_suspended", policies=[], appeal_by="2026-12-08")

    assert list(facts(story)) == ["Reason", "Appeal by"]


def test_a_long_title_is_shortened_in_the_headline_alone() -> None:
    title = "器" * 300

    story = tell("listing_created", title=title)

    assert story.headline == "Listing created: " + "器" * 39 + "…"
    assert story.facts[0].value == title


@pytest.mark.parametrize(
    ("key", "changes", "headline", "todo"),
    [
        ("account_suspended", {"lifted": True}, "Your seller account is no longer suspended", 2),
        ("account_at_risk", {"over": True}, "Your seller account is no longer at risk", 1),
        ("report_open_listings", {"outcome": "failed"}, "Your report failed: Open listings report", 2),
        ("report_open_listings", {"outcome": "cancelled"}, "Your report was cancelled: Open listings report", 2),
    ],
)
def test_what_turned_out_otherwise_has_words_of_its_own(
    key: str, changes: dict[str, object], headline: str, todo: int
) -> None:
    story = tell(key, **changes)

    assert (story.headline, story.subject, len(story.todo)) == (headline, f"[花子の器] {headline}", todo)


def test_an_account_that_may_sell_again_but_is_at_risk_stays_important() -> None:
    story = tell("account_at_risk", after_suspension=True)

    assert story.subject == "[花子の器] Important: You can sell again, but your seller account is at risk"


def test_a_buyer_who_would_cancel_stops_the_shipping() -> None:
    story = tell("order_confirmed", cancel_requested=True)

    assert story.headline == "The buyer asks to cancel order 503-1946025-7718203"
    assert story.todo[0] == "Do not ship it before you have decided."


BARE: dict[str, dict[str, object]] = {
    "order_confirmed": {"order_id": "503-1", "status": "confirmed"},
    "fba_order_confirmed": {"order_id": "503-1"},
    "listing_created": {"sku": "A-1"},
    "listing_closed": {"sku": "A-1"},
    "report_open_listings": {"report_id": "R-1"},
    "out_of_stock_weekly": {"products": [{"sku": "A-1"}]},
    "disbursement_failed": {"amount": 5, "currency": "JPY"},
    "valid_tracking_rate": {"rate": 90, "period": {"from": "2026-11-01", "to": "2026-11-02"}},
    "health_contact": {"topic": {"ja": "注文不良率", "en": "Order defect rate"}},
    "account_suspended": {},
    "account_at_risk": {},
    "listing_suspended": {"sku": "A-1"},
    "listing_at_risk": {"sku": "A-1"},
}
"""The least that a source may know."""


@pytest.mark.parametrize("key", BARE)
@pytest.mark.parametrize("code", ["ja", "en"])
def test_what_a_source_does_not_know_is_left_out(key: str, code: str) -> None:
    story = WORDING[key](read(key, BARE[key]), RecipientContext("花子の器", ZoneInfo("Asia/Tokyo"), language(code)))

    said = [story.headline, story.happened, *story.todo, *(part for fact in story.facts for part in fact)]
    assert "None" not in " ".join(said)
    assert all(fact.value for fact in story.facts)
    assert story.table is None or story.table.rows != ()


def test_products_nobody_counts_the_views_of_are_not_called_popular() -> None:
    story = tell("out_of_stock_weekly", products=[{"sku": "A-1"}, {"sku": "B-2", "title": "皿"}])

    assert story.headline == "Products are out of stock"
    assert story.table == Table(("Product",), (Row("SKU: A-1", "", ()), Row("皿", "SKU: B-2", ())))


def test_an_account_at_risk_without_a_reason_says_where_to_find_it() -> None:
    story = tell("account_at_risk", reason=None, policies=[], act_by=None)

    assert story.todo[:2] == (
        "Open the account health page of your seller account, and find the cause.",
        "Resolve the problem as soon as you can.",
    )


PLAN = Section(
    "What a plan of action must say",
    (
        "The cause: what went wrong, and why.",
        "What you have done to put it right.",
        "How you will prevent it from happening again.",
        "Answer every point that was raised: a plan that leaves one out is sent back.",
    ),
)
HEALTH = tuple(GROUP_BY_KEY["health"])
NAMED_IN_SHORT = ("name the cause, what you have done, and how it will not happen again", "is sent back")


@pytest.mark.parametrize("key", ["health_contact", "account_suspended", "account_at_risk", "listing_suspended"])
def test_what_a_plan_of_action_must_say_is_told_when_one_is_needed(key: str) -> None:
    assert [section for section in tell(key).sections if section.title == PLAN.title] == [PLAN]


@pytest.mark.parametrize("key", ["late_shipment_rate", "valid_tracking_rate", "listing_at_risk"])
def test_a_plan_of_action_is_told_in_short_before_one_is_needed(key: str) -> None:
    story = tell(key)

    assert [part in story.note for part in NAMED_IN_SHORT] == [True, True]
    assert PLAN not in story.sections


@pytest.mark.parametrize("key", [kind.key for kind in HEALTH])
def test_every_notice_of_account_health_names_usual_causes(key: str) -> None:
    assert [section.title for section in tell(key).sections].count("Usual causes") == 1


@pytest.mark.parametrize(
    "key", [kind.key for kind in HEALTH if kind.key not in ("disbursement_failed", "valid_tracking_rate")]
)
def test_answering_buyers_within_24_hours_is_told_where_it_matters(key: str) -> None:
    story = tell(key)

    said = [*story.todo, *(point for section in story.sections for point in section.points)]
    assert any("within 24 hours" in sentence for sentence in said)


@pytest.mark.parametrize("key", ["health_contact", "account_suspended", "account_at_risk"])
def test_the_limits_are_told_where_the_account_is_at_risk(key: str) -> None:
    points = [point for section in tell(key).sections for point in section.points]

    assert "The late shipment rate is above 4%, or the valid tracking rate below 95%." in points
