"""The e-mail destinations of a seller account: their normal form, adding, confirming, removing."""

from .book import (
    Removal,
    add,
    add_missing,
    default_addresses,
    known,
    lock,
    named_by,
    remove,
    set_language,
    unsubscribed_from,
)
from .confirmation import LinkState, confirm, read_link, request_again, send_due_confirmations
from .limits import ADDRESSES_PER_ACCOUNT
from .normalising import normalise, same

__all__ = [
    "ADDRESSES_PER_ACCOUNT",
    "LinkState",
    "Removal",
    "add",
    "add_missing",
    "confirm",
    "default_addresses",
    "known",
    "lock",
    "named_by",
    "normalise",
    "read_link",
    "remove",
    "request_again",
    "same",
    "send_due_confirmations",
    "set_language",
    "unsubscribed_from",
]
