"""Translations of one language, looked up once each."""

from functools import lru_cache

from django.utils.dates import MONTHS
from django.utils.translation import gettext, override, pgettext


class Language:
    """The gettext functions bound to one language.

    Django's own look up the active language in every call, which made up most of a message's time. Threads may
    share an instance: the worst that can happen is that two of them look up the same text.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self._texts: dict[str, str] = {}
        self._texts_in_context: dict[tuple[str, str], str] = {}
        with override(code):
            self.months = [str(MONTHS[number]) for number in range(1, 13)]

    def gettext(self, message: str) -> str:
        try:
            return self._texts[message]
        except KeyError:
            with override(self.code):
                return self._texts.setdefault(message, gettext(message))

    def pgettext(self, context: str, message: str) -> str:
        try:
            return self._texts_in_context[context, message]
        except KeyError:
            with override(self.code):
                return self._texts_in_context.setdefault((context, message), pgettext(context, message))


@lru_cache(maxsize=32)
def language(code: str) -> Language:
    return Language(code)
