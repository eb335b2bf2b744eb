"""Contents of the technical notices that SellerHub sends about cart orders, in Japanese and English."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from notifications.types.payloads.account_health import VALID_TRACKING_LIMIT

from .order_state import REMIND_AFTER

_HOURS = REMIND_AFTER // timedelta(hours=1)


def sync_failed(order_id: str, marketplace_carrier: str) -> dict[str, Any]:
    """Return the event data of the notice that an order must be completed at the marketplace."""
    return {
        "title": {
            "ja": f"注文{order_id}の連携に失敗しました",
            "en": f"Order {order_id} could not be synced",
        },
        "happened": {
            "ja": "ショップシステムで、この注文の決済ステータスが「連携失敗」になりました。",
            "en": "In your shop system the payment status of this order has become “連携失敗” (sync failed).",
        },
        "body": {
            "ja": "「連携失敗」になった注文のステータスは、ショップシステムではあとから変更できません。"
            "マーケットプレイスで出荷通知を送信していれば、注文に問題はありません。\n\n"
            "マーケットプレイスでの出荷通知が反映される前に、"
            "ショップシステムで配送完了の処理を行うと、連携に失敗することがあります。",
            "en": "This status cannot be changed in your shop system afterwards. "
            "All is well with the order as soon as its shipment is confirmed at the marketplace.\n\n"
            "The sync can fail when an order is marked as shipped in your shop system "
            "before it has learnt that the shipment was confirmed at the marketplace.",
        },
        "steps": [
            {
                "ja": "マーケットプレイスの注文管理で、この注文が出荷済みになっているか確認してください。",
                "en": "Check in the marketplace's order management whether this order counts as shipped.",
            },
            {
                "ja": "出荷済みになっていない場合は、注文管理で配送業者と追跡番号（ある場合）を登録して、"
                "出荷通知を送信してください。",
                "en": "If it does not, confirm the shipment there, with the carrier and, where there is one, "
                "the tracking number.",
            },
        ],
        "orders": _named([(order_id, marketplace_carrier)]),
        "once": f"sync-failed:{order_id}",
    }


def tracking_missing(orders: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the event data of the reminder of shipped orders without a tracking number.
    `orders` are pairs of order ID and the carrier's name at the marketplace.
    """
    count = len(orders)
    are = "1 shipped order has" if count == 1 else f"{count} shipped orders have"
    return {
        "title": {
            "ja": f"追跡番号のない出荷済みの注文が{count}件あります",
            "en": f"{are} no tracking number",
        },
        "happened": {
            "ja": f"荷物を追跡できる配送業者での出荷から{_HOURS}時間が過ぎましたが、追跡番号が登録されていません。",
            "en": f"More than {_HOURS} hours have passed since the shipment by a carrier that tracks its parcels, "
            "and no tracking number was entered.",
        },
        "body": {
            "ja": "ショップシステムに登録した追跡番号は、マーケットプレイスには連携されません。"
            "追跡番号は、マーケットプレイスの注文管理で登録する必要があります。\n\n"
            "有効な追跡番号のない出荷が増えると、追跡可能率が下がります。"
            f"追跡可能率は{VALID_TRACKING_LIMIT}%以上に保つ必要があります。",
            "en": "A tracking number that you enter in your shop system does not reach the marketplace: "
            "it must be entered in the marketplace's own order management.\n\n"
            "Every shipment without a valid number lowers your valid tracking rate, "
            f"which must be {VALID_TRACKING_LIMIT}% or more.",
        },
        "steps": [
            {
                "ja": "マーケットプレイスの注文管理で、対象の注文に配送業者と追跡番号を登録してください。",
                "en": "Enter carrier and tracking number of each order in the marketplace's order management.",
            },
            {
                "ja": "すでに登録した注文については、対応は必要ありません。",
                "en": "Where you have done so already, there is nothing left to do.",
            },
        ],
        "orders": _named(orders),
    }


def _named(orders: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {"order_id": order_id, "carrier": carrier} if carrier else {"order_id": order_id}
        for order_id, carrier in orders
    ]
