"""The response of the recipient's mail server, as a provider reports it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from notifications.types.enums import BounceReason

from ..bounces import classify, is_permanent

MAX_TEXT_LENGTH = 500
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+")
_DIAGNOSTIC_TYPE = re.compile(r"^(?:smtp|x-[a-z0-9-]{1,20})\s?;\s*", re.IGNORECASE)
_CODE = re.compile(r"(?<![\d.#])([45]\d\d)(?=[\s:;#-]|$)")
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_PASSING = frozenset({BounceReason.MAILBOX_FULL, BounceReason.EXPIRED})


@dataclass(frozen=True, slots=True)
class ServerResponse:
    code: int | None
    """The SMTP code (RFC 5321, 4.2)."""
    status: str
    """The enhanced status code (RFC 3463)."""
    text: str
    reason: BounceReason
    is_permanent: bool
    """Sending again cannot help, by the server's own codes or text."""

    @property
    def may_pass(self) -> bool:
        """Return whether the cause may pass by itself."""
        return self.reason in _PASSING

    @property
    def ends_it(self) -> bool:
        """Return whether delivery has failed once the provider has given up, which includes temporary causes."""
        return self.is_permanent or self.may_pass


def read_server_response(*words: object, status: object = "", code: object = None) -> ServerResponse:
    """Read the first non-empty text; `status` and `code` given apart from it take precedence."""
    said = next((one for one in words if isinstance(one, str) and one.strip()), "")
    given = str(status) if isinstance(status, str) and _STATUS.fullmatch(status) else ""
    number = int(code) if isinstance(code, int | str) and re.fullmatch("[45][0-9][0-9]", str(code)) else None
    return _answer(said[: 4 * MAX_TEXT_LENGTH], given, number)


@lru_cache(maxsize=512)  # many bounces repeat the same few lines
def _answer(words: str, status: str, code: int | None) -> ServerResponse:
    text = _UNPRINTABLE.sub(" ", _DIAGNOSTIC_TYPE.sub("", words.strip())).strip()[:MAX_TEXT_LENGTH]
    if code is None and (found := _CODE.search(text)):
        code = int(found[1])
    if not status and (found := _STATUS.search(text)):
        status = found[0]
    return ServerResponse(code, status, text, classify(code, status, text), is_permanent(code, status, text))
