"""Manage the e-mail addresses of a seller account: normalise, add, confirm, unsubscribe, remove."""

from .address_book import (
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
from .confirmation import LinkState, came_back, confirm, read_link, request_again, send_due_confirmations
from .limits import ADDRESSES_PER_ACCOUNT
from .normalisation import normalise, same
from .unsubscribe_link import UnsubscribeLink, UnsubscribeState, open_unsubscribe_link, unsubscribe_token
from .unsubscription import OPTIONAL_TYPES, subscribe_again, unsubscribe

__all__ = [
    "ADDRESSES_PER_ACCOUNT",
    "OPTIONAL_TYPES",
    "LinkState",
    "Removal",
    "UnsubscribeLink",
    "UnsubscribeState",
    "add",
    "add_missing",
    "came_back",
    "confirm",
    "default_addresses",
    "known",
    "lock",
    "named_by",
    "normalise",
    "open_unsubscribe_link",
    "read_link",
    "remove",
    "request_again",
    "same",
    "send_due_confirmations",
    "set_language",
    "subscribe_again",
    "unsubscribe",
    "unsubscribe_token",
    "unsubscribed_from",
]
