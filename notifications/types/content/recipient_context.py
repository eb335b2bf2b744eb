"""The recipient's shop name, time zone and language, for formatting a message."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from ..payloads.base import Bilingual, BilingualProse, BilingualWords, Period
from ..payloads.money import WHOLE_UNITS
from .language import Language

_SYMBOLS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def money(amount: Decimal, currency: str) -> str:
    """Format an amount with its currency, the same in every language."""
    number = f"{amount:,.0f}" if currency in WHOLE_UNITS else f"{amount:,.2f}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{currency} {number}"


@dataclass(frozen=True, slots=True)
class RecipientContext:
    """Formats numbers, money and times for one recipient."""

    shop: str
    zone: ZoneInfo
    language: Language

    @property
    def gettext(self) -> Callable[[str], str]:
        return self.language.gettext

    def pgettext(self, context: str, message: str) -> str:
        return self.language.pgettext(context, message)

    def subject(self, headline: str) -> str:
        return self.gettext("[%(shop)s] %(headline)s") % {"shop": self.shop, "headline": headline}

    def important(self, headline: str) -> str:
        """Return the subject of a message that must not be overlooked."""
        return self.gettext("[%(shop)s] Important: %(headline)s") % {"shop": self.shop, "headline": headline}

    def when(self, value: date | datetime) -> str:
        """Format a day, or a moment in the seller account's time zone."""
        if not isinstance(value, datetime):
            return self.day(value)
        local = value.astimezone(self.zone)
        return self.pgettext("date and time", "%(date)s, %(time)s") % {
            "date": self.day(local),
            "time": f"{local.hour:02}:{local.minute:02}",
        }

    def day(self, value: date) -> str:
        return self.pgettext("date", "%(day)s %(month)s %(year)s") % {
            "day": value.day,
            "month": self.language.months[value.month - 1],
            "year": value.year,
        }

    def period(self, period: Period) -> str:
        return self.pgettext("period", "%(start)s to %(end)s") % {
            "start": self.day(period.start),
            "end": self.day(period.end),
        }

    def money(self, amount: Decimal, currency: str) -> str:
        return money(amount, currency)

    def percent(self, rate: Decimal) -> str:
        digits = f"{rate:f}"
        return f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits}%"

    def said(self, text: str | Bilingual | BilingualWords) -> str:
        """Return a source's text as it is, or the recipient's half of a bilingual one."""
        return text if isinstance(text, str) else self.own(text)

    def own(self, text: Bilingual | BilingualWords | BilingualProse) -> str:
        """Return the half of a bilingual text that is in the recipient's language."""
        return text.ja if self.language.code.startswith("ja") else text.en


def shorten(text: str, length: int = 40) -> str:
    """Shorten a text to `length` characters, for a headline."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
