"""Which format each kind of source sends."""

from notifications.types.enums import SourceKind

from .base import Format
from .cart import MallFormat
from .spapi import SellingPartner

FORMATS: dict[SourceKind, Format] = {
    SourceKind.SELLING_PARTNER: SellingPartner(),
    SourceKind.MALL: MallFormat(),
}
