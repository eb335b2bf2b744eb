"""What operators tell many shops at once, in both languages."""

from typing import Annotated, Any

from pydantic import Field
from pydantic_core import PydanticCustomError

from .base import Bilingual, BilingualProse, InOneSentence, Payload, Time, Title

Correction = Annotated[bool, Field(strict=True, description="It corrects a notice that was taken back.")]


class BusinessUpdate(Payload):
    title: Bilingual
    body: BilingualProse
    correction: Correction = False


class TechnicalNotice(Payload):
    title: Bilingual
    body: BilingualProse
    correction: Correction = False
    starts_at: Time
    ends_at: Annotated[Time | None, Field(description="Unknown while an outage lasts.")] = None

    def model_post_init(self, context: Any, /) -> None:
        if self.ends_at is not None and self.ends_at < self.starts_at:
            raise PydanticCustomError("times", "It ends before it starts.")


class EmergencyNotice(Payload):
    title: Bilingual
    body: BilingualProse
    correction: Correction = False
    region: Annotated[
        Title | Bilingual,
        InOneSentence("This is neither a text nor a text in ja and en, of 300 characters at the most."),
    ]
