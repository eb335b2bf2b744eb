"""Template context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notifications import address_health
from notifications.web import read_state


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the seller account of the page, if any, the user's membership, and the colour theme."""
    membership = getattr(request, "membership", None)
    return {
        "seller": getattr(request, "seller", None),
        "membership": membership,
        "needs_repair": SimpleLazyObject(lambda: _needs_repair(membership)) if membership else False,
        "unread": SimpleLazyObject(lambda: _unread(membership)) if membership else "",
        "offers_line": settings.LINE is not None,
        "theme": request.COOKIES.get("theme", "auto"),
    }


def _needs_repair(membership: Any) -> bool:
    return address_health.needs_repair(membership.account_id)


def _unread(membership: Any) -> str:
    count = read_state.unread_count(membership)
    if count == 0:
        return ""
    return str(count) if count <= read_state.UNREAD_SHOWN else f"{read_state.UNREAD_SHOWN}+"
