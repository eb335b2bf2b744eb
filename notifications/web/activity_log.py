"""Activity log of a seller account's notification settings: turns history entries into translated sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import HistoryEntry, SellerAccount
from notifications.types.definitions import TYPES
from notifications.types.enums import BounceReason


def sentence(entry: HistoryEntry) -> str:
    """Return the entry as one sentence in the active language."""
    return SENTENCES[entry.action](entry.actor_name, entry.detail)


def latest(account: SellerAccount, *, limit: int) -> list[HistoryEntry]:
    """Return the newest `limit` entries whose action has a sentence in `SENTENCES`, newest first."""
    return list(HistoryEntry.objects.filter(account=account, action__in=SENTENCES).order_by("-at", "-pk")[:limit])


def title(type_key: str) -> str:
    """Return the title of a notification type; the key itself if the type is no longer in the catalogue."""
    return str(TYPES[type_key].title) if type_key in TYPES else type_key


def listing(parts: list[str]) -> str:
    """Join several names to one translated list."""
    return pgettext("between names in a list", ", ").join(parts)


def _preference(by: str, detail: Mapping[str, Any]) -> str:
    words = {
        "name": by,
        "title": title(detail["type"]),
        "addresses": listing(detail["addresses"]) or _("the default address"),
    }
    if not detail["email"]:
        return _("%(name)s switched off e-mail for “%(title)s”.") % words
    if not detail["email_before"]:
        return _("%(name)s switched on e-mail for “%(title)s”, to %(addresses)s.") % words
    return _("%(name)s had “%(title)s” sent to %(addresses)s from now on.") % words


def _preference_on_line(by: str, detail: Mapping[str, Any]) -> str:
    words = {"name": by, "title": title(detail["type"])}
    if detail["line"]:
        return _("%(name)s switched on LINE for “%(title)s”.") % words
    return _("%(name)s switched off LINE for “%(title)s”.") % words


def _confirmed(by: str, detail: Mapping[str, Any]) -> str:
    return _("%(email)s was confirmed by the link in the mail.") % detail


def _language(by: str, detail: Mapping[str, Any]) -> str:
    names = dict(settings.LANGUAGES)
    words = {**detail, "name": by, "language": names.get(detail["language"], _("the shop’s language"))}
    return _("%(name)s chose the language of mail to %(email)s: %(language)s.") % words


def _address_removed(by: str, detail: Mapping[str, Any]) -> str:
    words = {**detail, "name": by, "titles": listing([title(key) for key in detail["types"]])}
    if detail["types"]:
        return _("%(name)s removed %(email)s, also from: %(titles)s.") % words
    return _("%(name)s removed %(email)s.") % words


def _unsubscribed(by: str, detail: Mapping[str, Any]) -> str:
    words = {**detail, "titles": listing([title(key) for key in detail["types"]])}
    if detail["everything"]:
        return _("From a mail, all optional notifications to %(email)s were stopped.") % words
    return _("From a mail, these notifications to %(email)s were stopped: %(titles)s.") % words


def _subscribed_again(by: str, detail: Mapping[str, Any]) -> str:
    words = {**detail, "name": by, "titles": listing([title(key) for key in detail["types"]])}
    if by:
        return _("%(name)s had these notifications sent to %(email)s again: %(titles)s.") % words
    return _("From a mail, these notifications to %(email)s were taken up again: %(titles)s.") % words


def _address_failing(by: str, detail: Mapping[str, Any]) -> str:
    reason = BounceReason(detail["reason"]).label if detail["reason"] in BounceReason.values else ""
    return _("Mail to %(email)s does not arrive. %(reason)s") % {**detail, "reason": reason}


def _address_replaced(by: str, detail: Mapping[str, Any]) -> str:
    return _("%(name)s put %(new_email)s in the place of %(email)s.") % {**detail, "name": by}


def _address_replayed(by: str, detail: Mapping[str, Any]) -> str:
    words = {**detail, "name": by}
    match detail["mode"]:
        case "all":
            sentence = ngettext(
                "%(name)s had %(count)d held notification sent to %(email)s.",
                "%(name)s had %(count)d held notifications sent to %(email)s.",
                detail["count"],
            )
        case "summary":
            sentence = ngettext(
                "%(name)s had a summary of %(count)d held notification sent to %(email)s.",
                "%(name)s had a summary of %(count)d held notifications sent to %(email)s.",
                detail["count"],
            )
        case _:
            sentence = ngettext(
                "%(name)s left %(count)d held notification for %(email)s unsent.",
                "%(name)s left %(count)d held notifications for %(email)s unsent.",
                detail["count"],
            )
    return sentence % words


def _phone_changed(by: str, detail: Mapping[str, Any]) -> str:
    words = {**detail, "name": by}
    if detail["before"]:
        return _("%(name)s changed the emergency phone from %(before)s to %(phone)s.") % words
    return _("%(name)s entered the emergency phone %(phone)s.") % words


def _line_ended(by: str, detail: Mapping[str, Any]) -> str:
    words = {**detail, "name": by}
    match detail["reason"]:
        case "unlinked":
            return _("%(name)s ended the link with the LINE account “%(line)s”.") % words
        case "unlinked_in_chat":
            return _("“%(line)s” ended the link in the LINE chat.") % words
        case "replaced":
            return _("%(name)s replaced the LINE account “%(line)s” by another one.") % words
    return _("The link with the LINE account “%(line)s” ended with the hand-over of the primary role.") % words


SENTENCES: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "preference.changed": _preference,
    "preference.line_changed": _preference_on_line,
    "address.added": lambda by, detail: _("%(name)s added %(email)s.") % {**detail, "name": by},
    "address.confirmation_requested": lambda by, detail: (
        _("%(name)s had another confirmation mail sent to %(email)s.") % {**detail, "name": by}
    ),
    "address.confirmed": _confirmed,
    "address.language_changed": _language,
    "address.removed": _address_removed,
    "address.unsubscribed": _unsubscribed,
    "address.subscribed_again": _subscribed_again,
    "address.failing": _address_failing,
    "address.refused": lambda by, detail: _("The recipient at %(email)s reported our mail as spam.") % detail,
    "address.recovered": lambda by, detail: _("Mail to %(email)s arrives again.") % detail,
    "address.reset": lambda by, detail: _("%(name)s said that %(email)s works again.") % {**detail, "name": by},
    "address.replaced": _address_replaced,
    "address.replayed": _address_replayed,
    "emergency.changed": _phone_changed,
    "emergency.confirmed": lambda by, detail: _("%(name)s confirmed the emergency phone.") % {"name": by},
    "line.linked": lambda by, detail: _("%(name)s linked the LINE account “%(line)s”.") % {**detail, "name": by},
    "line.blocked": lambda by, detail: _("“%(line)s” blocked our LINE account.") % detail,
    "line.ended": _line_ended,
    "emergency.removed": lambda by, detail: (
        _("%(name)s removed the emergency phone %(phone)s.") % {**detail, "name": by}
    ),
}
