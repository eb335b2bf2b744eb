"""Help page about LINE; the LINE settings page shows the same questions."""

from django.utils.translation import gettext as _

from notifications.types.payloads.account_health import LINE_SALES_THRESHOLD

from .page import Link, Page, Section, Setting


def page() -> Page:
    return Page(
        "line",
        "chat",
        "LINE",
        _("What matters most, also on your phone: linking, blocking, and what to check when LINE stays quiet."),
        questions(),
    )


def questions() -> tuple[Section, ...]:
    """Return all questions, from linking to unlinking."""
    return (*_beginning(), *_people_and_shops(), *_what_comes(), *_when_something_changes())


def _beginning() -> tuple[Section, ...]:
    return (
        Section(
            "need",
            _("What do I need to receive notifications on LINE?"),
            (
                _(
                    "Two things: add our LINE account as a friend, and link your shop to it. Without the link"
                    " nothing about your shop is sent."
                ),
            ),
        ),
        Section(
            "how",
            _("How do I link my shop?"),
            steps=(
                _("Open the LINE settings and add our account as a friend, with the QR code or the button."),
                _("Begin with the button in the chat’s greeting, or with the one in the LINE settings."),
                _("Sign in as the primary user of the shop, if you are asked to."),
                _("Check shop and LINE name, and agree. When it says “Linked”, you are done."),
            ),
            after=(_("The link from the chat works once, for 10 minutes. Tap the button again for a new one."),),
            settings=(Setting(_("LINE settings"), "notifications:line"),),
        ),
        Section(
            "anybody",
            _("May anybody add the account as a friend?"),
            (_("Yes. But only after linking a shop do its notifications arrive."),),
        ),
        Section(
            "devices",
            _("On which devices does it work?"),
            (
                _(
                    "On every device on which LINE runs: iPhone, iPad, Android, and LINE for computers. You can"
                    " also link from LINE for computers."
                ),
            ),
        ),
    )


def _people_and_shops() -> tuple[Section, ...]:
    return (
        Section(
            "who",
            _("Who can link?"),
            (_("Only the primary user of the shop. When the primary role is handed over, the link ends."),),
        ),
        Section(
            "several-people",
            _("Can several people of a shop receive LINE notifications?"),
            (_("No. One LINE account can be linked to a shop. By e-mail you can reach as many people as you like."),),
        ),
        Section(
            "several-shops",
            _("Can I receive several shops on one LINE account?"),
            (
                _(
                    "Yes. Link each shop by itself. Every message names its shop at the top, and when one link"
                    " ends the others go on."
                ),
            ),
        ),
        Section(
            "seen",
            _("What does SellerHub see of my LINE account?"),
            (
                _(
                    "Its name, picture and language, and whether our account is a friend or blocked. The members"
                    " of your shop see the name and the picture. Nobody sees your other chats."
                ),
            ),
        ),
    )


def _what_comes() -> tuple[Section, ...]:
    return (
        Section(
            "which",
            _("Which notifications come on LINE?"),
            (
                _(
                    "Those about account health, such as failed payouts and suspensions, and emergencies. Orders,"
                    " returns and reports are not told on LINE."
                ),
            ),
            links=(
                Link(_("Account health notifications"), "types", "health"),
                Link(_("Emergency notifications"), "types", "emergency"),
            ),
        ),
        Section(
            "choose",
            _("Can I choose which notifications come?"),
            (_("Yes, each one, under “Notification options”."),),
        ),
        Section(
            "todo",
            _("Does a LINE message say what I have to do?"),
            (_("Yes: it names the next steps, and its button opens the whole notification."),),
        ),
        Section(
            "replies",
            _("Can I write to you on LINE?"),
            (_("No, the account only sends. Nobody reads what is written there."),),
        ),
        Section(
            "without",
            _("Is there a disadvantage if I do not use LINE?"),
            (_("No. E-mail and this site tell you everything."),),
        ),
    )


def _when_something_changes() -> tuple[Section, ...]:
    return (
        Section(
            "blocked",
            _("I blocked the account by mistake. What now?"),
            (
                _(
                    "Open the chat in LINE, tap ≡ at the top right and “Unblock”. Then link your shop once more:"
                    " before that nothing is sent."
                ),
            ),
        ),
        Section(
            "quiet",
            _("LINE stays quiet. What can I check?"),
            steps=(
                _("In the LINE settings, see whether it says “Linked”. If not, the page says what to do."),
                _(
                    "Send a test there. If nothing arrives, see whether our chat is muted, and whether your phone"
                    " lets LINE notify you."
                ),
                _("In the notification options, see whether the notification is switched on for LINE."),
                _("For a listing: LINE tells it only from %(sales)d USD of sales in 28 days.")
                % {"sales": LINE_SALES_THRESHOLD},
                _("In the delivery log, read why the notification was not sent to LINE."),
            ),
            settings=(
                Setting(_("LINE settings"), "notifications:line"),
                Setting(_("Delivery log"), "notifications:log"),
            ),
        ),
        Section(
            "new-phone",
            _("I have a new phone. Must I link again?"),
            (
                _(
                    "Not if you take your LINE account along. With a new LINE account you link once more, and it"
                    " takes the place of the old one."
                ),
            ),
        ),
        Section(
            "end",
            _("How do I end the link?"),
            (
                _(
                    "In the LINE settings, or with the button in the chat. E-mail goes on as before, and you can"
                    " link again at any time."
                ),
            ),
        ),
    )
