"""The fixed texts around an e-mail's content: heading, labels, links and footer."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import override

from notifications.types.content import language
from notifications.types.definitions import GROUP_OF, TYPES
from notifications.types.enums import Priority

ADDRESS = "\x00"
"""Placeholder for the recipient's address; neither a payload nor a shop's name can contain it."""
TOKEN = ADDRESS + ADDRESS
"""Placeholder for the recipient's unsubscribe token, which comes after the address."""


@dataclass(frozen=True, slots=True)
class EmailLayout:
    brand: str
    shop: str
    urgent: bool
    kicker: str
    """The line above the headline: the notification's group, and whether it is important."""
    colon: str
    todo_title: str
    choice: str
    """The sentence before the link to the preferences."""
    choice_link: str
    foot: tuple[str, ...]
    """The small print; the last line names the recipient's address."""
    stop: str
    """The label of the unsubscribe link in an optional notification."""


@lru_cache(maxsize=4096)
def email_layout(type_key: str, language_code: str, shop: str, time_zone: str) -> EmailLayout:
    """Return the texts around an e-mail of this type to this shop; cached, for all its recipients share them."""
    kind = TYPES[type_key]
    urgent = kind.priority is Priority.URGENT
    said = language(language_code)
    _ = said.gettext
    with override(language_code):
        group = str(GROUP_OF[type_key].title)
        title = str(kind.title)
    if kind.required:
        choice = _("This notification is required and cannot be switched off. Choose where it goes:")
    else:
        choice = _("Choose which e-mails you receive and where they go:")
    return EmailLayout(
        brand="SellerHub",
        shop=shop,
        urgent=urgent,
        kicker=_("%(group)s: important") % {"group": group} if urgent else group,
        colon=said.pgettext("between a label and its value", ": "),
        todo_title=_("What to do"),
        choice=choice,
        choice_link=_("Notification preferences"),
        foot=(
            _("Times are shown in the time zone %(zone)s.") % {"zone": time_zone},
            _("Please do not reply to this e-mail: replies are not read."),
            _("You receive this e-mail because “%(type)s” of the shop “%(shop)s” is sent to %(address)s.")
            % {"type": title, "shop": shop, "address": ADDRESS},
        ),
        stop=_("Stop this notification at this address"),
    )
