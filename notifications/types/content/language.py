"""Cached gettext translations of one language."""

from collections.abc import Callable
from functools import lru_cache

from django.utils.dates import MONTHS
from django.utils.translation import gettext, override, pgettext


class Language:
    """The gettext functions bound to one language.

    Django's own functions look up the active language on every call, which took most of the time to render a message.
    Threads may share an instance: at worst, two of them look up the same text.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.gettext: Callable[[str], str] = _Texts(code).__getitem__
        self._in_context: dict[tuple[str, str], str] = {}
        with override(code):
            self.months = [str(MONTHS[number]) for number in range(1, 13)]

    def pgettext(self, context: str, message: str) -> str:
        try:
            return self._in_context[context, message]
        except KeyError:
            with override(self.code):
                return self._in_context.setdefault((context, message), pgettext(context, message))


class _Texts(dict[str, str]):
    """A cache of the texts translated so far."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def __missing__(self, message: str) -> str:
        with override(self._code):
            return self.setdefault(message, gettext(message))


@lru_cache(maxsize=32)
def language(code: str) -> Language:
    return Language(code)
