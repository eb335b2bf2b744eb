"""Lookups limited to the seller account of the request."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.members.access import SellerRequest
from notifications.models import Address


def address_of(request: SellerRequest, address_id: UUID) -> Address:
    """Return the account's address; raise Http404 if there is none."""
    address = get_object_or_404(Address, account=request.seller, pk=address_id)
    address.account = request.seller
    return address
