"""The help: public pages of questions and answers that do not depend on a seller account."""

from collections.abc import Callable, Mapping

from django.conf import settings

from . import health, line, mail, orders, types
from .page import Link, Page, Section

__all__ = ["ABOUT", "Link", "Page", "Section", "about", "line_questions", "page", "pages"]

_PAGES: Mapping[str, Callable[[], Page]] = {
    "types": types.page,
    "orders": orders.page,
    "health": health.page,
    "mail": mail.page,
    "line": line.page,
}

ABOUT: Mapping[str, tuple[str, str]] = {
    "order_confirmed": ("orders", "confirming"),
    "fba_order_confirmed": ("orders", "fba"),
    "return_requested": ("orders", "returns"),
    "claim_opened": ("orders", "not-arrived"),
    "disbursement_failed": ("health", "payout"),
    "late_shipment_rate": ("health", "late-shipment"),
    "valid_tracking_rate": ("health", "tracking"),
    "health_contact": ("health", "notices"),
    "account_suspended": ("health", "plan"),
    "account_at_risk": ("health", "plan"),
    "listing_suspended": ("health", "listings"),
    "listing_at_risk": ("health", "listings"),
}
"""The page and section that help with a notification type; the others link to their row on the page `types`."""

line_questions = line.questions


def pages() -> list[Page]:
    """Return all offered pages, in the active language."""
    return [made() for slug, made in _PAGES.items() if _is_offered(slug)]


def page(slug: str) -> Page | None:
    """Return one page; None where there is no such page."""
    return _PAGES[slug]() if slug in _PAGES and _is_offered(slug) else None


def about(type_key: str) -> tuple[str, str]:
    """Return the page and the anchor that help with a notification of this type."""
    return ABOUT.get(type_key, ("types", type_key))


def _is_offered(slug: str) -> bool:
    return slug != "line" or settings.LINE is not None
