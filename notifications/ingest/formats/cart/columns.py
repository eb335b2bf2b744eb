"""The names of feed columns in Japanese and English cart systems."""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from .normalisation import spelled


class Column(StrEnum):
    """The columns that SellerHub reads; others are kept in the raw message and ignored."""

    ORDER_ID = "order_id"
    STATUS = "status"
    PAYMENT_STATUS = "payment_status"
    ORDERED_AT = "ordered_at"
    SHIP_BY = "ship_by"
    SHIPPING_METHOD = "shipping_method"
    CARRIER = "carrier"
    TRACKING_NUMBER = "tracking_number"
    SHIPPED_AT = "shipped_at"
    RETURN_REASON = "return_reason"
    RESPOND_BY = "respond_by"
    TITLE = "title"
    SKU = "sku"
    QUANTITY = "quantity"
    PRICE = "price"


NAMES: dict[Column, tuple[str, ...]] = {
    Column.ORDER_ID: ("注文番号", "注文ID", "受注番号", "order_id", "order number"),
    Column.STATUS: ("注文ステータス", "処理区分", "処理状況", "ステータス", "status", "order_status"),
    Column.PAYMENT_STATUS: ("決済ステータス", "入金ステータス", "支払ステータス", "payment_status"),
    Column.ORDERED_AT: ("注文日時", "注文日", "受注日時", "ordered_at", "order_date"),
    Column.SHIP_BY: ("発送期限", "出荷期限", "発送期日", "ship_by"),
    Column.SHIPPING_METHOD: ("配送方法", "shipping_method"),
    Column.CARRIER: ("配送業者", "配送会社", "運送会社", "carrier"),
    Column.TRACKING_NUMBER: (
        "追跡番号",
        "伝票番号",
        "伝票番号（追跡番号）",
        "送り状番号",
        "お問い合わせ番号",
        "tracking_number",
    ),
    Column.SHIPPED_AT: ("発送日時", "発送日", "出荷日時", "出荷日", "配送完了日時", "配送完了日", "shipped_at"),
    Column.RETURN_REASON: ("返送理由", "返品理由", "return_reason"),
    Column.RESPOND_BY: ("回答期限", "返答期限", "respond_by"),
    Column.TITLE: ("商品名", "品名", "title", "product_name"),
    Column.SKU: ("SKU", "商品コード", "商品番号", "独自商品コード", "item_code"),
    Column.QUANTITY: ("数量", "個数", "quantity"),
    Column.PRICE: ("単価", "価格", "商品単価", "販売価格", "price", "unit_price"),
}

_COLUMN_OF = {spelled(name).replace("_", ""): column for column, names in NAMES.items() for name in names}


_MAX_NAME_LENGTH = 80


def column_of(name: str) -> Column | None:
    """Return the column that a header names, or None."""
    return _column_of(name) if len(name) <= _MAX_NAME_LENGTH else None


@lru_cache(maxsize=512)
def _column_of(name: str) -> Column | None:
    return _COLUMN_OF.get(spelled(name).replace("_", ""))


def missing(header: Iterable[str]) -> list[Column]:
    """Return the required columns (order ID, status) that this header lacks."""
    present = {column_of(name) for name in header}
    return [column for column in (Column.ORDER_ID, Column.STATUS) if column not in present]
