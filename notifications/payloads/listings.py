"""Listings."""

from .base import Payload, Sku, Title, Words


class ListingCreated(Payload):
    sku: Sku
    title: Title

    def references(self) -> tuple[str, ...]:
        return (self.sku,)


class ListingClosed(Payload):
    sku: Sku
    title: Title
    why: Words

    def references(self) -> tuple[str, ...]:
        return (self.sku,)
