"""The mails that the product would send for the events, built beforehand: what the yardstick sends."""

from collections.abc import Iterator
from uuid import UUID, uuid4

from notifications.channels.email.mailbox import mailbox
from notifications.channels.email.mime import Assembler
from notifications.channels.email.mime import EmailContent as SealableLetter
from notifications.delivery.rendering import NotificationFacts, RenderedEmail, render_email

from . import events

SENDER = "SellerHub <no-reply@sellerhub.example>"
SITE = "https://sellers.example"


def page_url(number: int) -> str:
    return f"{SITE}/n/{UUID(int=number)}/"


def options_url(number: int) -> str:
    return f"{SITE}/shops/{events.seller_id(number)}/settings/notifications/"


def letter_of(number: int) -> tuple[str, str, str]:
    """Subject, text and HTML of one mail, to the first address."""
    return _letter(number).addressed_to(events.addresses(number)[0])


def prebuilt(count: int) -> Iterator[tuple[str, bytes]]:
    """Recipient and whole mail, for so many events: as many mails as they have addresses."""
    assembler = Assembler(SENDER)
    for number in range(count):
        read = _letter(number)
        sealed = assembler.seal(SealableLetter(read.subject, read.text, read.html, "ja", read.html_opening))
        for recipient in events.addresses(number):
            mail = assembler.address(sealed, delivery_id=uuid4(), to=mailbox(recipient), shown=recipient)
            yield recipient, mail


def _letter(number: int) -> RenderedEmail:
    facts = NotificationFacts(
        type=events.TYPE,
        data=events.order(number),
        shop=events.shop_name(number),
        time_zone="Asia/Tokyo",
        page_url=page_url(number),
        options_url=options_url(number),
    )
    return render_email(facts, "ja")
