"""Money: a decimal amount in an ISO 4217 currency."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from .base import WrittenPlainly

CURRENCIES = frozenset(
    [
        *("AED", "ARS", "AUD", "BDT", "BGN", "BHD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK"),
        *("EGP", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JOD", "JPY", "KES", "KRW", "KWD"),
        *("KZT", "LKR", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "OMR", "PEN", "PHP", "PKR", "PLN", "QAR"),
        *("RON", "RSD", "SAR", "SEK", "SGD", "THB", "TND", "TRY", "TWD", "UAH", "USD", "UYU", "VND", "ZAR"),
    ]
)
WHOLE_UNITS = frozenset(["CLP", "ISK", "JPY", "KRW", "VND"])
"""Currencies without a smaller unit: 12.50 of them is a mistake."""


def _known(code: str) -> str:
    if code not in CURRENCIES:
        raise PydanticCustomError("currency", "This is not a currency that we know, like JPY or USD (ISO 4217).")
    return code


Amount = Annotated[Decimal, Field(ge=0, le=10_000_000_000, decimal_places=2), WrittenPlainly]
Currency = Annotated[str, AfterValidator(_known), Field(description="ISO 4217, such as JPY or USD.")]


def check_money(amount: Decimal | None, currency: str) -> None:
    """Raise PydanticCustomError for an amount that its currency cannot express."""
    if amount is not None and currency in WHOLE_UNITS and amount % 1:
        raise PydanticCustomError(
            "money",
            "{currency} has no smaller unit: give a whole amount or the right currency.",
            {"currency": currency},
        )
