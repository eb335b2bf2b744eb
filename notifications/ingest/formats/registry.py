"""The format for each kind of source."""

from notifications.types.enums import SourceKind

from .base import Format
from .cart import CartFormat
from .spapi import SellingPartner

FORMATS: dict[SourceKind, Format] = {
    SourceKind.SELLING_PARTNER: SellingPartner(),
    SourceKind.CART: CartFormat(),
}
