"""The names of carriers in cart systems, mapped to the marketplace's names."""

from dataclasses import dataclass
from typing import NamedTuple

from .normalisation import spelled

FALLBACK_IN_TABLE = "配送業者ABF"
FALLBACK_IN_TEXT = "配送業者FBA"
FALLBACK = FALLBACK_IN_TABLE
"""The name used for a carrier that is missing or that the marketplace does not know.

The carts' manual contradicts itself: its text says 配送業者FBA, its table 配送業者ABF. The table is followed:
it has the word six times over, and FBA already means an order that the marketplace ships itself, so that
a seller would misread it. Should the text be right after all, only this line changes.
"""

YAMATO, JAPAN_POST, SEINO = "ヤマト運輸", "日本郵便", "西濃運輸"


class Row(NamedTuple):
    cart_name: str
    name: str
    """The carrier's name at the marketplace."""
    tracks: bool
    """Whether every parcel has a tracking number."""


TABLE = (
    Row("無し", FALLBACK, tracks=False),
    Row("EMS国際スピード郵便", JAPAN_POST, tracks=True),
    Row("OCS 国際エクスプレス", FALLBACK, tracks=True),
    Row("ゆうパック", JAPAN_POST, tracks=True),
    Row("ゆうパック書留", JAPAN_POST, tracks=True),
    Row("ゆうパック代金引換小包", JAPAN_POST, tracks=True),
    Row("エコ配", "エコ配", tracks=True),
    Row("クロネコヤマト", YAMATO, tracks=True),
    Row("トナミ運輸", FALLBACK, tracks=True),
    Row("JPロジスティクス", "JPロジスティクス", tracks=True),
    Row("レターパックライト", JAPAN_POST, tracks=True),
    Row("レターパックプラス", JAPAN_POST, tracks=True),
    Row("国際スピード郵便（USPS）", JAPAN_POST, tracks=True),
    Row("佐川急便", "佐川急便", tracks=True),
    Row("西濃運輸", SEINO, tracks=True),
    Row("普通郵便", JAPAN_POST, tracks=False),
    Row("普通郵便代引", JAPAN_POST, tracks=False),
    Row("福山通運", "福山通運", tracks=True),
    Row("名鉄運輸", FALLBACK, tracks=True),
    Row("翌朝10時郵便", JAPAN_POST, tracks=True),
    Row("セイノースーパーエクスプレス", SEINO, tracks=True),
    Row("新潟運輸", FALLBACK, tracks=True),
    Row("DHL", "DHL", tracks=True),
    Row("第一貨物", FALLBACK, tracks=True),
    Row("ゆうパケット", JAPAN_POST, tracks=True),
    Row("ポスパケット", JAPAN_POST, tracks=True),
    Row("クリックポスト", JAPAN_POST, tracks=True),
    Row("スマートレター", JAPAN_POST, tracks=False),
    Row("宅急便コンパクト", YAMATO, tracks=True),
    Row("ネコポス", YAMATO, tracks=True),
    Row("クロネコDM便", YAMATO, tracks=True),
)

_ALREADY_THE_MARKETPLACES = (
    Row(YAMATO, YAMATO, tracks=True),
    # Japan Post may be ordinary mail without a tracking number.
    Row(JAPAN_POST, JAPAN_POST, tracks=False),
)


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier by its name at the marketplace."""

    name: str
    tracks: bool
    """Whether the marketplace requires a tracking number; False also when unknown."""

    @property
    def is_known(self) -> bool:
        return self.name != FALLBACK


_NONE = {spelled(word) for word in ("無し", "なし", "未選択", "選択なし", "-", "none")}
_UNKNOWN = Carrier(FALLBACK, tracks=False)
_CARRIERS = {spelled(row.cart_name): Carrier(row.name, row.tracks) for row in (*TABLE, *_ALREADY_THE_MARKETPLACES)}


def is_named(cart_name: str) -> bool:
    """Return whether the cart names a carrier at all."""
    return spelled(cart_name) not in _NONE | {""}


def at_marketplace(cart_name: str) -> Carrier:
    """Return the marketplace's carrier for a cart's name; an unknown one becomes the fallback."""
    return _CARRIERS.get(spelled(cart_name), _UNKNOWN)
