"""Alerts about e-mail addresses: which are suppressed and why, what was held, what to do."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import SellerAccount
from notifications.address_health import explanations
from notifications.address_health.repair.held_deliveries import Held
from notifications.models import Address
from notifications.recipients import preference_matrix, preferences
from notifications.recipients.line_account import LinkStatus
from notifications.types.enums import AddressState, LinkState

from ..activity_log import listing, title
from .alert import Action, Alert

MAX_SHOWN = 3
"""Addresses with an alert of their own; the others are grouped by reason."""
MAX_NAMED = 10
UNCONFIRMED_AFTER = timedelta(days=1)
_RESTING = (AddressState.FAILING, AddressState.REFUSED)


def of_email(
    account: SellerAccount,
    addresses: Sequence[Address],
    held: Mapping[UUID, Held],
    *,
    link: LinkStatus | None,
    may_edit: bool,
) -> list[Alert]:
    """Return the alerts about the account's addresses, the most serious first."""
    resting = sorted((one for one in addresses if one.state in _RESTING), key=lambda one: one.state_since)
    alerts = _unreachable(account, link) if resting else []
    alerts += [_resting(account, one, held.get(one.pk), may_edit=may_edit) for one in resting[:MAX_SHOWN]]
    alerts += _grouped(account, resting[MAX_SHOWN:])
    alerts += [
        _to_replay(account, one, held[one.pk], may_edit=may_edit)
        for one in addresses
        if one.state == AddressState.ACTIVE and one.pk in held
    ][:MAX_SHOWN]
    return alerts + _waiting(account, addresses)


def _unreachable(account: SellerAccount, link: LinkStatus | None) -> list[Alert]:
    """Return an alert for required notifications that reach nobody on any channel."""
    book = preference_matrix.load_address_book(account)
    choices = preferences.load_all(account)
    link_state = link.state if link else None
    lost = [
        row.kind
        for card in preference_matrix.cards(account, book, choices, link_state)
        for row in card.rows
        if row.kind.required
        and row.standing == preferences.PreferenceStatus.NOT_REACHING
        and not (row.line == preferences.LinePreferenceStatus.ON and link_state == LinkState.LIVE)
    ]
    if not lost:
        return []
    return [
        Alert(
            "bad",
            _("Required notifications reach nobody"),
            (
                ngettext(
                    "%(count)d notification that you must not miss has no address that works: %(titles)s.",
                    "%(count)d notifications that you must not miss have no address that works: %(titles)s.",
                    len(lost),
                )
                % {"count": len(lost), "titles": listing([str(kind.title) for kind in lost])},
            ),
            (Action(_("Notification options"), reverse("notifications:options", args=[account.public_id])),),
        )
    ]


def _resting(account: SellerAccount, address: Address, kept: Held | None, *, may_edit: bool) -> Alert:
    told = {
        "email": address.email,
        "reason": explanations.reason(address.failure),
        "date": date_format(timezone.localtime(address.state_since), "DATETIME_FORMAT"),
    }
    args = [account.public_id, address.pk]
    missed = Action(_("See what did not arrive"), reverse("notifications:held", args=args))
    repair = (
        Action(_("Fix"), reverse("notifications:fix_address", args=args)),
        Action(_("Reset"), reverse("notifications:reset_address", args=args), posts=True),
    )
    return Alert(
        "warn",
        _("E-mail to %(email)s does not arrive. %(reason)s") % told
        if address.state == AddressState.FAILING
        else _("%(email)s: %(reason)s") % told,
        (
            _("Since %(date)s.") % told,
            *_count_of(kept),
            explanations.advice(address.failure, address.email),
            explanations.next_step(address.failure, address.next_try_at),
        ),
        (*(repair if may_edit else ()), *((missed,) if kept else ())),
        address.failure_answer,
    )


def _count_of(kept: Held | None) -> Iterable[str]:
    if kept is None:
        return ()
    told = {"count": kept.count, "titles": listing([title(key) for key in kept.types])}
    if kept.is_more:
        return (_("More than %(count)d notifications did not arrive: %(titles)s.") % told,)
    return (
        ngettext(
            "%(count)d notification did not arrive: %(titles)s.",
            "%(count)d notifications did not arrive: %(titles)s.",
            kept.count,
        )
        % told,
    )


def _grouped(account: SellerAccount, resting: Sequence[Address]) -> list[Alert]:
    """Return one alert per reason for the suppressed addresses beyond `MAX_SHOWN`."""
    by_cause: dict[str, list[str]] = {}
    for address in resting:
        by_cause.setdefault(address.failure, []).append(address.email)
    return [
        Alert(
            "warn",
            ngettext(
                "%(count)d more address: %(reason)s",
                "%(count)d more addresses: %(reason)s",
                len(emails),
            )
            % {"count": len(emails), "reason": explanations.reason(cause)},
            (_some(emails),),
            (Action(_("See the addresses"), reverse("notifications:addresses", args=[account.public_id])),),
        )
        for cause, emails in by_cause.items()
    ]


def _some(emails: Sequence[str]) -> str:
    return listing([*emails[:MAX_NAMED], *(["…"] if len(emails) > MAX_NAMED else [])])


def _to_replay(account: SellerAccount, address: Address, kept: Held, *, may_edit: bool) -> Alert:
    told = {"email": address.email, "count": kept.count}
    label = _("Choose what to do with them") if may_edit else _("See what did not arrive")
    return Alert(
        "news",
        ngettext(
            "%(count)d notification was kept for %(email)s",
            "%(count)d notifications were kept for %(email)s",
            kept.count,
        )
        % told,
        (
            _("The address can be written to now. Have them sent, get one summary, or leave them.")
            if may_edit
            else _("The address can be written to now. Whoever may edit the settings chooses whether they are sent."),
        ),
        (Action(label, reverse("notifications:held", args=[account.public_id, address.pk])),),
    )


def _waiting(account: SellerAccount, addresses: Sequence[Address]) -> list[Alert]:
    long_ago = timezone.now() - UNCONFIRMED_AFTER
    waiting = [one for one in addresses if one.state == AddressState.UNCONFIRMED and one.added_at < long_ago]
    if not waiting:
        return []
    return [
        Alert(
            "news",
            ngettext(
                "%(count)d address waits for its confirmation",
                "%(count)d addresses wait for their confirmation",
                len(waiting),
            )
            % {"count": len(waiting)},
            (
                _("%(addresses)s: nothing is sent there until the link in the confirmation mail was followed.")
                % {"addresses": _some([one.email for one in waiting])},
            ),
            (Action(_("See the addresses"), reverse("notifications:addresses", args=[account.public_id])),),
        )
    ]
