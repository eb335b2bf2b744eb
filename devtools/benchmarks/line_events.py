"""Events that LINE is told of, and what LINE is told: the same for the product and for the plain loop."""

from datetime import UTC, datetime, timedelta
from typing import Any

from . import events, mails

_REASONS = (
    "直火で使用した際の破損について、複数の購入者から報告がありました。",
    "商品の材質の表示を確認できる書類が提出されていません。",
    "商品の説明が商品登録の規約に合っていません。",
)


def told(number: int) -> tuple[str, dict[str, Any]]:
    """Type and data. The shops have chosen nothing for these types and have no confirmed address: LINE alone."""
    match number % 3:
        case 0:
            item = events.order(number)["items"][0]
            data = {"sku": item["sku"], "title": item["title"], "reason": _REASONS[number // 3 % 3]}
            return "listing_suspended", data | {"sales_28d_usd": 300 + number % 2000}
        case 1:
            return "account_suspended", {
                "reason": "注文不良率が3か月続けて要件を満たしていません。",
                "policies": ["注文のパフォーマンスに関するポリシー", "購入者への連絡に関するポリシー"],
                "appeal_by": (datetime.now(UTC) + timedelta(days=14)).date().isoformat(),
            }
        case _:
            return "disbursement_failed", {
                "amount": 100_000 + number % 1_000_000,
                "currency": "JPY",
                "why": "口座名義が登録されている口座と一致しません。",
            }


def bubble_of(number: int) -> tuple[str, dict[str, Any]]:
    """Alt text and flex JSON that the product would push for the event."""
    from notifications.delivery.rendering import NotificationFacts, render_bubble  # needs Django's settings

    kind, data = told(number)
    facts = NotificationFacts(
        type=kind,
        data=data,
        shop=events.shop_name(number),
        time_zone="Asia/Tokyo",
        page_url=mails.page_url(number),
        options_url=mails.options_url(number),
    )
    return render_bubble(facts, "ja")
