"""ACCOUNT_STATUS_CHANGED: the seller account is at risk, suspended, or in good standing again."""

from .fields import Fields
from .message import Ignored, Message, Told

_STANDINGS = {"NORMAL": "normal", "AT_RISK": "at_risk", "DEACTIVATED": "suspended", "SUSPENDED": "suspended"}


def account_status(message: Message) -> Told:
    """Return the event for a change of status, for the worse or for the better."""
    before = _standing(message.payload, "previousAccountStatus")
    now = _standing(message.payload, "currentAccountStatus")
    key = message.key("account_status", now, message.moment)
    match before, now:
        case "normal", "normal":
            return Ignored("The account was and is in good standing.")
        case _ if before == now:
            return Ignored("The standing of the account is the same as before.")
        case _, "suspended":
            return message.event("account_suspended", key, {})
        case "suspended", "normal":
            return message.event("account_suspended", key, {"lifted": True})
        case "suspended", "at_risk":
            return message.event("account_at_risk", key, {"after_suspension": True})
        case _, "at_risk":
            return message.event("account_at_risk", key, {})
        case _:
            return message.event("account_at_risk", key, {"over": True})


def _standing(payload: Fields, name: str) -> str:
    if (word := payload.word(name)) not in _STANDINGS:
        raise payload.unknown(name)
    return _STANDINGS[word]
