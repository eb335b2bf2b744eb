"""Help page about e-mail that does not arrive: the reasons, what is held, and how to repair an address."""

from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from notifications.address_health import explanations
from notifications.address_health.assessment import COMPLAINT, GONE, PASSING, PROBE_AFTER, STRIKE_WINDOW, STRIKES
from notifications.recipients.email_addresses.confirmation import VALID_FOR
from notifications.types.enums import BounceReason

from .page import Link, Page, Row, Section, Setting, Table

CAUSES = (
    BounceReason.MAILBOX_FULL,
    BounceReason.UNKNOWN_USER,
    BounceReason.HOST_UNKNOWN,
    BounceReason.SUSPENDED,
    BounceReason.BLOCKED_BY_PROVIDER,
    BounceReason.EXPIRED,
    BounceReason.OTHER,
    COMPLAINT,
)
"""All reasons for which an address may be suppressed, the most frequent first."""

ADDRESSES = "notifications:addresses"


def page() -> Page:
    return Page(
        "mail",
        "mail",
        _("E-mail that does not arrive"),
        _("How you notice it, why it happens, what “held” means, and how to repair an address."),
        (
            _noticing(),
            _causes(),
            _carriers(),
            _spam(),
            _held(),
            _repairing(),
            *_never_sent(),
            _sent(),
            _prevention(),
        ),
    )


def _noticing() -> Section:
    points = [
        _("The home page says which address fails, since when, why, and what did not arrive."),
        _("At the addresses and in the delivery log each address and each notification has its state."),
        _("The primary user is told by e-mail, if another address of theirs works, at most once a day."),
    ]
    if settings.LINE:
        points.append(_("If LINE is linked, it is told there as well, at most once a day."))
    return Section(
        "noticing",
        _("How do I notice that e-mail does not arrive?"),
        points=tuple(points),
        settings=(
            Setting(_("Addresses of the shop"), ADDRESSES),
            Setting(_("Delivery log"), "notifications:log"),
        ),
    )


def _causes() -> Section:
    headers = (_("Reason"), _("What you can do"), _("What happens meanwhile"))
    rows = (
        Row(
            (explanations.reason(cause), explanations.advice(cause, ""), _meanwhile(cause)),
            anchor=cause.replace("_", "-"),
        )
        for cause in CAUSES
    )
    return Section(
        "causes",
        _("Why does it not arrive, and what helps?"),
        (
            _(
                "These are the reasons that mail servers give. Their own words stand at the address, under “The"
                " mail server’s words”."
            ),
        ),
        table=Table(headers, tuple(rows)),
    )


def _meanwhile(cause: str) -> str:
    if cause == COMPLAINT:
        return explanations.next_step(cause, None)
    if cause in GONE:
        return _("The address rests at once. Its notifications are held until you repair it.")
    if cause in PASSING:
        days = [after.days for after in PROBE_AFTER]
        return _(
            "The address rests, and its notifications are held. One of them is tried again after %(a)d, %(b)d,"
            " %(c)d and %(d)d days; when that succeeds, the address works again."
        ) % dict(zip("abcd", days, strict=True))
    return _("Once this has happened %(times)d times within %(days)d days, the address rests and all is held.") % {
        "times": STRIKES,
        "days": STRIKE_WINDOW.days,
    }


def _carriers() -> Section:
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    sender = {"address": address, "domain": address.rpartition("@")[2]}
    return Section(
        "carriers",
        _("My address is one of docomo, au or SoftBank"),
        (
            _(
                "The filters of mobile carriers refuse mail from computers unless you allow it, and often answer"
                " that the address does not exist. Check the spelling first, then the filter."
            ),
        ),
        steps=(
            _("Open your carrier’s mail settings on the phone, and there the filter for unwanted mail."),
            _("Add the domain %(domain)s to the list of allowed senders (受信リスト, 許可リスト).") % sender,
            _("Let mail with links pass: all our mails have one."),
            _("Come back to the addresses, press “Reset” at yours, and send a test."),
        ),
        after=(_("Our mails come from %(address)s.") % sender,),
        settings=(Setting(_("Addresses of the shop"), ADDRESSES),),
    )


def _spam() -> Section:
    return Section(
        "spam",
        _("It says that our mail was reported as spam"),
        (
            _(
                "Somebody who reads this mailbox pressed the button for unwanted mail, perhaps by mistake."
                " Required notifications still go there; the others are held."
            ),
            _(
                "If it was a mistake, reset the address. If the mails are too many, switch off what nobody reads"
                " in the notification options: that is better than the button."
            ),
        ),
        links=(Link(_("What can be switched off, and what cannot"), "types", "switching-off"),),
    )


def _held() -> Section:
    return Section(
        "held",
        _("What does “held” mean?"),
        (
            _(
                "A held notification was not lost: its e-mail waits, because the address could not be reached. In"
                " the notification centre you can read it at once."
            ),
            _("When the address works again, you choose at the address what becomes of them:"),
        ),
        points=(
            _("Send all: each as an e-mail of its own."),
            _("Send one summary: one e-mail that lists them."),
            _("Leave them: nothing is sent; they stay in the notification centre."),
        ),
        after=(_("Reports older than 30 days and withdrawn notices are not sent."),),
        settings=(Setting(_("Addresses of the shop"), ADDRESSES),),
    )


def _repairing() -> Section:
    return Section(
        "repairing",
        _("How do I repair an address?"),
        steps=(
            _("Remove the cause: make room in the mailbox, change the filter, or ask your mail provider."),
            _("Open the addresses and press “Reset” at the one that failed. It counts as working from then on."),
            _("Press “Send a test” and look into the mailbox."),
            _("Choose what becomes of the notifications that were held."),
        ),
        after=(
            _(
                "If the address is gone for good, press “Fix” and put another one in its place. It takes over"
                " every notification of the old one, also those that were held."
            ),
            _("If mail fails again, the address rests again. A late answer about older mail does not count."),
        ),
        settings=(Setting(_("Addresses of the shop"), ADDRESSES),),
    )


def _never_sent() -> tuple[Section, ...]:
    return (
        Section(
            "unconfirmed",
            _("The address is unconfirmed"),
            (
                _(
                    "A new address first gets a mail with a link, and nothing else until the link was followed. It"
                    " is valid for %(days)d days; “Send the confirmation again” makes a new one."
                )
                % {"days": VALID_FOR.days},
                _("The link may be opened by whoever reads the mailbox. It needs no account here."),
            ),
            settings=(Setting(_("Addresses of the shop"), ADDRESSES),),
        ),
        Section(
            "stopped",
            _("The recipient stopped a notification"),
            (
                _(
                    "With the link at the end of a mail its recipient can stop a notification that is not"
                    " required. At the address you see which; ask the recipient before you press “Send again”."
                ),
            ),
        ),
    )


def _sent() -> Section:
    return Section(
        "sent",
        _("The delivery log says “sent”, but I find nothing"),
        (_("Then the mail server of the address took it. Look where it may have put it:"),),
        points=(
            _("the folder for unwanted mail, and rules that move or delete mail"),
            _("another mailbox, if the address forwards its mail"),
            _("the search, for the order ID or for SellerHub"),
        ),
        after=(_("If it comes back later, the log says so, and the address is judged by that."),),
    )


def _prevention() -> Section:
    points = [
        _("Give required notifications two addresses, with two providers."),
        _("Confirm new addresses on the same day."),
        _("Take out the address of somebody who leaves before the mailbox is closed."),
    ]
    if settings.LINE:
        points.append(_("Link LINE, and what is urgent comes by a second road."))
    return Section("prevention", _("How do I make sure that nothing is missed?"), points=tuple(points))
