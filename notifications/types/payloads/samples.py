"""Realistic payload data for every type, for previews, the demo and tests."""

from typing import Any

_ITEMS = [
    {"title": "美濃焼 手びねり湯呑み 青磁 2個セット", "sku": "HC-YUNOMI-02", "quantity": 1, "price": 3200},
    {"title": "波佐見焼 豆皿 染付 千鳥", "sku": "HC-MAMEZARA-11", "quantity": 3, "price": 880},
]
_NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}
_WEEK = {"from": "2026-11-14", "to": "2026-11-20"}


def _report(report_id: str) -> dict[str, Any]:
    url = f"https://reports.marketplace.example/download/{report_id}"
    return {"report_id": report_id, "period": _NOVEMBER, "url": url}


SAMPLES: dict[str, dict[str, Any]] = {
    "order_confirmed": {
        "order_id": "503-1946025-7718203",
        "items": _ITEMS,
        "shipping_method": "通常配送",
        "ship_by": "2026-11-24T23:59:00+09:00",
        "status": "confirmed",
    },
    "fba_order_confirmed": {
        "order_id": "249-8830157-4402916",
        "items": [{"title": "有田焼 マグカップ 麻の葉", "sku": "HC-MUG-05", "quantity": 2, "price": 2750}],
    },
    "fba_inbound_shipment": {
        "shipment_id": "FBA15K7N2PQX",
        "state": "closed",
        "received": 46,
        "expected": 48,
    },
    "return_requested": {
        "order_id": "503-1946025-7718203",
        "items": _ITEMS[:1],
        "reason": "商品の色が写真と違う",
        "respond_by": "2026-11-23T18:30:00+09:00",
    },
    "claim_opened": {
        "order_id": "250-6617340-9925508",
        "claim_id": "CLM-20261121-0048",
        "amount": 5840,
        "currency": "JPY",
        "kind": "guarantee",
        "respond_by": "2026-11-28",
    },
    "listing_created": {"sku": "HC-DONABE-01", "title": "萬古焼 土鍋 8号 黒"},
    "listing_closed": {
        "sku": "HC-TOKKURI-03",
        "title": "備前焼 徳利",
        "why": "商品の説明が商品登録の規約に合っていません。",
    },
    "report_open_listings": _report("RPT-OPEN-20261201"),
    "report_order_fulfillment": _report("RPT-ORDERS-20261201"),
    "report_sold_listings": _report("RPT-SOLD-20261201"),
    "report_cancelled_listings": _report("RPT-CANCELLED-20261201"),
    "coach_recommendations": {
        "recommendations": [
            {
                "kind": "stock",
                "text": "「美濃焼 手びねり湯呑み 青磁」は7日以内に在庫切れになる見込みです。",
                "sku": "HC-YUNOMI-02",
            },
            {
                "kind": "price",
                "text": "「有田焼 マグカップ 麻の葉」の価格は、同じ商品の最安値より320円高くなっています。",
                "sku": "HC-MUG-05",
            },
            {"kind": "growth", "text": "年末のギフト特集に、対象の商品12点を掲載できます。"},
        ],
    },
    "out_of_stock_weekly": {
        "products": [
            {"sku": "HC-KYUSU-07", "title": "常滑焼 急須 朱泥 360ml", "views": 1284},
            {"sku": "HC-HASHIOKI-20", "title": "箸置き 季節の花 5個セット", "views": 342},
        ],
    },
    "business_update": {
        "title": {"ja": "年末セールへの参加申し込みが始まりました", "en": "Sign up now for the year-end sale"},
        "body": {
            "ja": "12月11日から開催する年末セールの参加申し込みを受け付けています。申し込みは12月4日までです。\n\n"
            "昨年参加したショップの売上は、開催前の週と比べて平均で1.8倍になりました。",
            "en": "You can now sign up for the year-end sale that starts on 11 December. "
            "Sign-up closes on 4 December.\n\n"
            "Shops that took part last year sold 1.8 times as much as in the week before.",
        },
    },
    "technical_notice": {
        "title": {"ja": "注文管理のメンテナンスを行います", "en": "Maintenance of order management"},
        "body": {
            "ja": "メンテナンス中は、注文管理と出荷通知の送信をご利用いただけません。注文の受け付けは続きます。",
            "en": "Order management and shipment confirmation cannot be used during the maintenance. "
            "Buyers can still place orders.",
        },
        "starts_at": "2026-11-28T02:00:00+09:00",
        "ends_at": "2026-11-28T05:00:00+09:00",
    },
    "disbursement_failed": {
        "amount": 184200,
        "currency": "JPY",
        "why": "口座名義が登録されている口座と一致しません。",
    },
    "late_shipment_rate": {"rate": 4.2, "period": _WEEK},
    "valid_tracking_rate": {"rate": 91.5, "category": "ホーム＆キッチン", "period": _WEEK},
    "health_contact": {
        "topic": "出荷遅延率の改善と、今後の出品の継続について",
        "contact_from": "2026-11-24T10:00:00+09:00",
    },
    "account_suspended": {
        "reason": "注文不良率が3か月続けて要件を満たしていません。",
        "policies": ["注文のパフォーマンスに関するポリシー", "購入者への連絡に関するポリシー"],
        "appeal_by": "2026-12-08",
    },
    "account_at_risk": {
        "reason": "購入者からのメッセージへの返信が遅れています。",
        "policies": ["購入者への連絡に関するポリシー"],
        "act_by": "2026-12-01T17:00:00+09:00",
    },
    "listing_suspended": {
        "sku": "HC-DONABE-01",
        "title": "萬古焼 土鍋 8号 黒",
        "reason": "直火で使用した際の破損について、複数の購入者から報告がありました。",
        "sales_28d_usd": 1420.5,
    },
    "listing_at_risk": {
        "sku": "HC-KYUSU-07",
        "title": "常滑焼 急須 朱泥 360ml",
        "reason": "商品の材質の表示を確認できる書類が提出されていません。",
        "sales_28d_usd": 318,
    },
    "emergency_notice": {
        "title": {"ja": "台風22号による配送への影響", "en": "Typhoon No. 22 affects deliveries"},
        "body": {
            "ja": "台風22号の接近に伴い、九州地方を発着する荷物の集荷と配達に遅れが生じています。\n\n"
            "この期間に影響を受けた注文は、出荷遅延率の計算から除かれます。",
            "en": "Typhoon No. 22 is approaching: parcels to and from Kyushu are collected and delivered late.\n\n"
            "Orders touched in this time do not count towards the late shipment rate.",
        },
        "region": {"ja": "九州地方", "en": "Kyushu"},
    },
}
