"""Which carrier at the marketplace stands for which one of a cart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.ingest.formats.cart.carriers import (
    FALLBACK,
    FALLBACK_IN_TABLE,
    FALLBACK_IN_TEXT,
    Carrier,
    at_marketplace,
    is_named,
)

MANUAL = {
    "ABF": "無し・OCS 国際エクスプレス・トナミ運輸・名鉄運輸・新潟運輸・第一貨物",
    "日本郵便": "EMS国際スピード郵便・ゆうパック・ゆうパック書留・ゆうパック代金引換小包・レターパックライト"
    "・レターパックプラス・国際スピード郵便(USPS)・普通郵便・普通郵便代引・翌朝10時郵便・ゆうパケット・ポスパケット"
    "・クリックポスト・スマートレター",
    "ヤマト運輸": "クロネコヤマト・宅急便コンパクト・ネコポス・クロネコDM便",
    "西濃運輸": "西濃運輸・セイノースーパーエクスプレス",
    "エコ配": "エコ配",
    "JPロジスティクス": "JPロジスティクス",
    "佐川急便": "佐川急便",
    "福山通運": "福山通運",
    "DHL": "DHL",
}
PAIRS = [(cart, name) for name, carts in MANUAL.items() for cart in carts.split("・")]
WITHOUT_NUMBER = {"無し", "普通郵便", "普通郵便代引", "スマートレター"}


def test_the_manual_has_31_rows() -> None:
    assert len(PAIRS) == 31


@pytest.mark.parametrize(("cart", "name"), PAIRS)
def test_each_row_of_the_manual(cart: str, name: str) -> None:
    wanted = "配送業者ABF" if name == "ABF" else name

    assert at_marketplace(cart) == Carrier(wanted, tracks=cart not in WITHOUT_NUMBER)


@pytest.mark.parametrize("cart", ["", "無し", "赤帽", "バイク便", "配送業者FBA", "配送業者ABF"])
def test_what_nobody_knows_becomes_the_fallback_and_is_asked_for_no_number(cart: str) -> None:
    assert at_marketplace(cart) == Carrier(FALLBACK, tracks=False)
    assert not at_marketplace(cart).is_known


def test_the_manual_names_its_fallback_in_two_ways_and_the_table_is_followed() -> None:
    assert [FALLBACK_IN_TEXT, FALLBACK_IN_TABLE] == ["配送業者FBA", "配送業者ABF"]
    assert FALLBACK == FALLBACK_IN_TABLE


@pytest.mark.parametrize(
    ("cart", "as_in_the_table"),
    [
        ("ｸﾛﾈｺﾔﾏﾄ", "クロネコヤマト"),
        (" クロネコ　ヤマト ", "クロネコヤマト"),
        ("クロネコＤＭ便", "クロネコDM便"),
        ("ＤＨＬ", "DHL"),
        ("dhl", "DHL"),
        ("国際スピード郵便（ＵＳＰＳ）", "国際スピード郵便(USPS)"),
        ("翌朝１０時郵便", "翌朝10時郵便"),
        ("OCS国際エクスプレス", "OCS 国際エクスプレス"),
        ("ゆうﾊﾟｯｸ", "ゆうパック"),
    ],
)
def test_width_and_spaces_do_not_matter(cart: str, as_in_the_table: str) -> None:
    assert at_marketplace(cart) == at_marketplace(as_in_the_table)
    assert at_marketplace(cart).tracks


@pytest.mark.parametrize(("cart", "tracks"), [("ヤマト運輸", True), ("日本郵便", False)])
def test_the_marketplaces_own_names_stay(cart: str, tracks: bool) -> None:
    assert at_marketplace(cart) == Carrier(cart, tracks)


@given(st.text())
def test_every_text_has_a_carrier(cart: str) -> None:
    names = {wanted for _cart, wanted in PAIRS if wanted != "ABF"} | {FALLBACK}

    assert at_marketplace(cart).name in names


@pytest.mark.parametrize(("cart", "named"), [("", False), ("無し", False), (" な し", False), ("赤帽", True)])
def test_whether_a_carrier_is_named(cart: str, named: bool) -> None:
    assert is_named(cart) is named
