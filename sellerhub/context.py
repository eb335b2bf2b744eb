"""What every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notifications import feedback, reading


def page(request: HttpRequest) -> dict[str, Any]:
    """The seller account this page acts for, if any, the person's part in it, and the look."""
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
    return feedback.needs_repair(membership.account_id)


def _unread(membership: Any) -> str:
    count = reading.unread_count(membership)
    if count == 0:
        return ""
    return str(count) if count <= reading.UNREAD_SHOWN else f"{reading.UNREAD_SHOWN}+"
