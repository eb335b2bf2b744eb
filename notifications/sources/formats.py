"""Which format each kind of source sends."""

from ..enums import SourceKind
from .contract import Format
from .mall import MallFormat
from .spapi import SellingPartner

FORMATS: dict[SourceKind, Format] = {
    SourceKind.SELLING_PARTNER: SellingPartner(),
    SourceKind.MALL: MallFormat(),
}
