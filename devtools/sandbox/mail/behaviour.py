"""What a recipient's address makes the server say at once. The local part's beginning decides; all others accept.

What is accepted and comes back later: `returning`.
"""

from collections import OrderedDict

SLOW_SECONDS = 5.0
BUSY_TIMES = 2
REMEMBERED_ADDRESSES = 10_000

ACCEPTED = "250 2.1.5 OK"
AT_RCPT = {
    "full": "552 5.2.2 Mailbox full",
    "unknown": "550 5.1.1 No such user here",
    "suspended": "550 5.2.1 This mailbox has been disabled",
    "nohost": "550 5.1.2 The domain does not exist",
    "blocked": "554 5.7.1 Mail from your server is blocked as spam",
    "never": "451 4.3.2 Mailbox busy, try again later",
}
AFTER_DATA = {
    "refuse": "554 5.7.1 Message refused by policy",
    "toobig": "552 5.3.4 Message too big",
}
BUSY = "451 4.3.2 Mailbox busy, try again later"


def answer_after_data(recipients: list[str]) -> str | None:
    """The refusal of the whole message, when one of its recipients asks for it."""
    for recipient in recipients:
        for beginning, answer in AFTER_DATA.items():
            if recipient.lower().startswith(beginning):
                return answer
    return None


def seconds_before_answer(recipient: str) -> float:
    return SLOW_SECONDS if recipient.lower().startswith("slow") else 0.0


class RecipientAnswers:
    """Answers to RCPT. A busy address refuses its first two, counted by address, and accepts from then on."""

    def __init__(self) -> None:
        self._refused: OrderedDict[str, int] = OrderedDict()

    def answer(self, recipient: str) -> str:
        address = recipient.lower()
        for beginning, answer in AT_RCPT.items():
            if address.startswith(beginning):
                return answer
        if address.startswith("busy"):
            refused = self._refused.pop(address, 0)
            self._refused[address] = min(refused + 1, BUSY_TIMES)
            if len(self._refused) > REMEMBERED_ADDRESSES:
                self._refused.popitem(last=False)
            if refused < BUSY_TIMES:
                return BUSY
        return ACCEPTED
