"""Payloads of created and closed listings."""

from .base import Payload, Saying, Sku, Title


class ListingCreated(Payload):
    sku: Sku
    title: Title | None = None

    def references(self) -> tuple[str, ...]:
        return (self.sku,)


class ListingClosed(Payload):
    sku: Sku
    title: Title | None = None
    why: Saying | None = None

    def references(self) -> tuple[str, ...]:
        return (self.sku,)
