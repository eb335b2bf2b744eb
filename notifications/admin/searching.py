"""Whole ids alone are looked for, each by its index: parts of them would be looked for in every row."""

from uuid import UUID

from accounts.models import SellerAccount


def cleaned(term: str) -> str:
    return term.strip().replace("\x00", "")


def as_uuid(term: str) -> UUID | None:
    try:
        return UUID(term)
    except ValueError:
        return None


def seller(term: str) -> SellerAccount | None:
    """The seller account with this ID."""
    return SellerAccount.objects.filter(public_id=term.upper()).first()
