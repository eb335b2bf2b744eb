"""PRICING_HEALTH: an offer is not the featured one because of its price."""

from notifications.models import KnownListing
from notifications.types.content.recipient_context import money
from notifications.types.payloads.money import CURRENCIES

from .fields import Fields
from .message import Message, Told


def pricing_health(message: Message) -> Told:
    """Return a recommendation of the selling coach, at most once a week for each product."""
    payload = message.payload
    if payload.word("issueType") != "BUYBOXDISQUALIFICATION":
        raise payload.unknown("issueType")
    offer = payload.inner("offerChangeTrigger")
    asin, marketplace = offer.text("asin", max_length=20), offer.text("marketplaceId", max_length=32)
    known = (
        KnownListing.objects.filter(account=message.account, marketplace_id=marketplace, asin=asin)
        .order_by("pk")
        .first()
    )
    advice: dict[str, object] = {"kind": "price", "text": _text(payload, asin, known)}
    if known is not None:
        advice["sku"] = known.sku
    key = message.key("pricing_health", marketplace, asin, message.week)
    return message.event("coach_recommendations", key, {"recommendations": [advice]})


def _text(payload: Fields, asin: str, known: KnownListing | None) -> dict[str, str]:
    ja = en = f"ASIN {asin}"
    if known is not None and known.title:
        name = known.title[:100]
        ja, en = f"「{name}」", f"“{name}”"
    ja += "は、価格が理由で「おすすめ出品」に選ばれていません。"
    en += " is not the featured offer because of its price."
    own = _price(payload.inner("merchantOffer").inner("landedPrice"))
    ja += f"現在の価格は送料込みで{own}です。"
    en += f" Your price with shipping is {own}."
    reference = payload.maybe_inner("summary").maybe_inner("referencePrice")
    if reference.has("competitivePriceThreshold"):
        rival = _price(reference.inner("competitivePriceThreshold"))
        ja += f"競争力のある価格の目安は{rival}です。"
        en += f" A competitive price is {rival}."
    return {"ja": ja, "en": en}


def _price(price: Fields) -> str:
    currency = price.word("currencyCode")
    if currency not in CURRENCIES:
        raise price.unknown("currencyCode")
    return money(price.number("amount"), currency)
