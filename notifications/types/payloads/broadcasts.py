"""Payloads of operators' broadcasts and of SellerHub's notices to one seller account, in both languages."""

from typing import Annotated, Any

from pydantic import Field
from pydantic_core import PydanticCustomError

from .base import Bilingual, BilingualProse, Id, InOneSentence, Part, Payload, Time, Title, Words

Correction = Annotated[bool, Field(strict=True, description="It corrects a notice that was taken back.")]


class BusinessUpdate(Payload):
    title: Bilingual
    body: BilingualProse
    correction: Correction = False


class NamedOrder(Part):
    """An order that a notice concerns."""

    order_id: Id
    carrier: Annotated[Words | None, Field(description="As the marketplace names it.")] = None


class TechnicalNotice(Payload):
    title: Bilingual
    body: BilingualProse
    starts_at: Annotated[Time | None, Field(description="Empty: it is about no time in particular.")] = None
    ends_at: Annotated[Time | None, Field(description="Unknown while an outage lasts.")] = None
    happened: Annotated[Bilingual | None, Field(description="One sentence, in place of the usual one.")] = None
    steps: Annotated[
        tuple[Bilingual, ...], Field(max_length=10, description="What to do, in place of the usual advice.")
    ] = ()
    orders: Annotated[tuple[NamedOrder, ...], Field(max_length=100)] = ()
    once: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=100,
            pattern=r"^[\x21-\x7e]+$",
            description="A shop is told once of what has the same words here, whoever sends it.",
        ),
    ] = None
    correction: Correction = False

    def model_post_init(self, context: Any, /) -> None:
        if self.ends_at is None:
            return
        if self.starts_at is None:
            raise PydanticCustomError("times", "It has an end and no start.")
        if self.ends_at < self.starts_at:
            raise PydanticCustomError("times", "It ends before it starts.")

    def references(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(order.order_id for order in self.orders))

    def once_key(self) -> str | None:
        return self.once


class EmergencyNotice(Payload):
    title: Bilingual
    body: BilingualProse
    correction: Correction = False
    region: Annotated[
        Title | Bilingual,
        InOneSentence("This is neither a text nor a text in ja and en, of 300 characters at the most."),
    ]
