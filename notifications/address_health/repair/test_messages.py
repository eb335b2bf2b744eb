"""Send a test mail to an address at a user's request."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.mail.member_messages import MemberMessage, moment
from accounts.models import User
from notifications.channels.base import SendResult
from notifications.channels.email.return_path import AttemptRef
from notifications.models import Address, AddressTestMessage
from notifications.queue import outbox


def enqueue_test(address: Address, *, by: User) -> None:
    """Add a test mail to the outbox, whatever the address's state."""
    AddressTestMessage.objects.create(address=address, by_name=by.name)


def send_due_tests() -> int:
    """Send due test mails, up to one outbox batch; returns how many were attempted."""
    claimed = outbox.claim(AddressTestMessage.objects.select_related("address__account"), due="due_at", tries="tries")
    for test, verdict, _words in outbox.send_each(claimed, _mail):
        if verdict in (SendResult.ACCEPTED, SendResult.REFUSED) or outbox.exhausted(test.tries):
            test.delete()
    return len(claimed)


def _mail(test: AddressTestMessage) -> EmailMultiAlternatives:
    address, account = test.address, test.address.account
    with translation.override(address.language or account.language):
        words = {
            "shop": account.name,
            "email": address.email,
            "name": test.by_name,
            "when": moment(timezone.now()),
        }
        letter = MemberMessage(
            subject=_("Test mail of %(shop)s") % words,
            paragraphs=(
                _("This is a test: mail to %(email)s arrives.") % words,
                _("%(name)s asked for it on %(when)s.") % words,
            ),
            action=(
                _("See the addresses"),
                settings.SITE_URL + reverse("notifications:addresses", args=[account.public_id]),
            ),
            notes=(),
        )
        footer = _("You get this e-mail because notifications of %(shop)s go to %(email)s.") % words
        mail = outbox.write(letter, to=address.email, footer=footer)
    outbox.have_it_come_back(mail, AttemptRef(address.pk, timezone.now()))
    return mail
