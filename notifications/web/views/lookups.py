"""What a page is about, looked up in the shop that it is for: another shop's does not exist."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.members.access import SellerRequest
from notifications.models import Address


def address_of(request: SellerRequest, address_id: UUID) -> Address:
    """The shop's address; raises Http404."""
    address = get_object_or_404(Address, account=request.seller, pk=address_id)
    address.account = request.seller
    return address
