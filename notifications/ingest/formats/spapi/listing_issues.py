"""LISTINGS_ITEM_ISSUES_CHANGE: the issues of a listing changed."""

from notifications.ingest.listings import LATE, is_late, recall
from notifications.types.enums import ListingTrouble

from .fields import Fields
from .listing_status import name_of, place_of
from .message import Ignored, Message, Told

_TYPES = {ListingTrouble.AT_RISK: "listing_at_risk", ListingTrouble.SUSPENDED: "listing_suspended"}
_GRAVITY = {ListingTrouble.NONE: 0, ListingTrouble.AT_RISK: 1, ListingTrouble.SUSPENDED: 2}
_SUSPENDING = frozenset({"LISTING_SUPPRESSED", "CATALOG_ITEM_REMOVED"})
"""Measures after which buyers can no longer buy the product."""
_MEASURES = {
    "LISTING_SUPPRESSED": {
        "ja": "購入者がこの商品を購入できなくなりました。",
        "en": "Buyers can no longer buy the product.",
    },
    "CATALOG_ITEM_REMOVED": {
        "ja": "この商品がカタログから削除されました。",
        "en": "The product was taken out of the catalogue.",
    },
    "SEARCH_SUPPRESSED": {
        "ja": "この商品は検索結果に表示されません。",
        "en": "The product does not appear in search results.",
    },
    "ATTRIBUTE_SUPPRESSED": {
        "ja": "商品情報の一部が受け付けられませんでした。",
        "en": "Something that the listing says about the product was not accepted.",
    },
}
_OTHER_MEASURE = {
    "ja": "マーケットプレイスが、この出品に対して措置を取りました。",
    "en": "The marketplace has taken a measure against the listing.",
}
_ERROR = {
    "ja": "商品情報に、修正が必要な誤りがあります。",
    "en": "The listing has errors that must be corrected.",
}


def listing_issues(message: Message) -> Told:
    """Return an event when the issues became worse; a warning or an improvement is only stored."""
    trouble, measures = _trouble(message.payload)
    marketplace, sku = place_of(message.payload)
    listing = recall(message.account, marketplace=marketplace, sku=sku)
    if is_late(listing.trouble_as_of, message.now):
        return Ignored(LATE)
    before = ListingTrouble(listing.trouble)
    listing.trouble = trouble
    listing.asin = message.payload.maybe_text("Asin", max_length=20) or listing.asin
    listing.trouble_as_of = listing.changed_at = message.now
    listing.save()
    if trouble == ListingTrouble.NONE:
        return Ignored("The listing has no issue that endangers it.")
    if _GRAVITY[trouble] <= _GRAVITY[before]:
        return Ignored("The listing's trouble is known, and no worse than before.")
    type_key = _TYPES[trouble]
    key = message.key(type_key, listing.marketplace_id, listing.sku, message.moment)
    return message.event(type_key, key, name_of(listing) | {"reason": _reason(measures)})


def _trouble(payload: Fields) -> tuple[ListingTrouble, frozenset[str]]:
    """Return the gravest trouble in the message, and the measures taken."""
    measures = payload.maybe_words("EnforcementActions") - {"", "NONE"}
    severities = payload.words("Severities")
    if measures & _SUSPENDING:
        return ListingTrouble.SUSPENDED, measures
    if measures or "ERROR" in severities:
        return ListingTrouble.AT_RISK, measures
    if severities - {"NONE", "WARNING", "INFO"}:
        raise payload.unknown("Severities")
    return ListingTrouble.NONE, measures


def _reason(measures: frozenset[str]) -> dict[str, str]:
    said = [words for name, words in _MEASURES.items() if name in measures]
    if not said:
        said = [_OTHER_MEASURE if measures else _ERROR]
    return {"ja": "".join(one["ja"] for one in said), "en": " ".join(one["en"] for one in said)}
