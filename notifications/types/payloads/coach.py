"""Payloads of the selling coach."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ..enums import Reason
from .base import Bilingual, Count, Part, Payload, Saying, Sku, Title


class RecommendationKind(StrEnum):
    STOCK = "stock"
    PRICE = "price"
    GROWTH = "growth"


class Recommendation(Part):
    kind: RecommendationKind
    text: Saying
    sku: Sku | None = None


class CoachRecommendations(Payload):
    title: Annotated[Bilingual | None, Field(description="What they have in common.")] = None
    recommendations: Annotated[tuple[Recommendation, ...], Field(max_length=50)]

    def verdict(self) -> Reason | None:
        return None if self.recommendations else Reason.NOTHING_TO_TELL

    def references(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.sku for one in self.recommendations if one.sku))


class WantedProduct(Part):
    sku: Sku
    title: Title | None = None
    views: Count | None = None


class OutOfStockWeekly(Payload):
    products: Annotated[tuple[WantedProduct, ...], Field(max_length=100)]

    def verdict(self) -> Reason | None:
        return None if self.products else Reason.NOTHING_TO_TELL

    def references(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(product.sku for product in self.products))
