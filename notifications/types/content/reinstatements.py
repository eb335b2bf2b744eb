"""Message content when a suspension or warning is lifted; without alarming words."""

from .message_content import MessageContent
from .recipient_context import RecipientContext


def suspension_lifted(to: RecipientContext) -> MessageContent:
    """Say that the account may sell again."""
    _ = to.gettext
    headline = _("Your seller account is no longer suspended")
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("The suspension of your seller account is over: you can sell again."),
        todo=(
            _("Check your listings and quantities: some may have to be put on sale again."),
            _("Keep to what your plan of action says, so that it does not happen again."),
        ),
        action=_("View the notification"),
    )


def account_safe(to: RecipientContext) -> MessageContent:
    """Say that the warning no longer applies."""
    _ = to.gettext
    headline = _("Your seller account is no longer at risk")
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("Your seller account meets the requirements again."),
        todo=(_("There is nothing you need to do. Keep an eye on your account health."),),
        action=_("View the notification"),
    )
