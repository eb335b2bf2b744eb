"""Help page that lists every notification type: what it reports, on which channels, what can be switched off."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from notifications.recipients.email_addresses.limits import ADDRESSES_PER_ACCOUNT
from notifications.recipients.preferences import ADDRESSES_PER_TYPE, LinePreferenceStatus, PreferenceStatus
from notifications.types.definitions import GROUP_BY_KEY, GROUPS, TYPES, EmailDefault, Group, NotificationType
from notifications.types.payloads.account_health import LATE_SHIPMENT_LIMIT, VALID_TRACKING_LIMIT

from .page import Link, Page, Row, Section, Setting, Table

REPORTS = frozenset(kind.key for kind in GROUP_BY_KEY["reports"])


def page() -> Page:
    return Page(
        "types",
        "bell",
        _("Notification types"),
        _("What each of the %(count)d notifications tells, how it reaches you, and what you can switch off.")
        % {"count": len(TYPES)},
        (_roads(), _switching_off(), _changing(), *(_group(group) for group in GROUPS), _missing()),
    )


def _roads() -> Section:
    points = [
        _("This site: every notification stands in the notification centre. That cannot be switched off."),
        _(
            "E-mail: you choose up to %(limit)d addresses for each notification. Without a choice it goes to the"
            " default address, with which the primary user signs in. A shop can have %(all)d addresses."
        )
        % {"limit": ADDRESSES_PER_TYPE, "all": ADDRESSES_PER_ACCOUNT},
    ]
    if settings.LINE:
        points.append(_("LINE: what concerns account health, and emergencies, as soon as a LINE account is linked."))
    points.append(
        _("Telephone: during a large-scale event we may call your emergency phone. Buyers never see the number.")
    )
    return Section("roads", _("How notifications reach you"), points=tuple(points))


def _switching_off() -> Section:
    points = [
        _(
            "Required: always sent by e-mail, because your payouts, listings or account depend on it. You choose"
            " where it goes, not whether."
        ),
        _("All others: you switch each of them on or off."),
        _("If none of the addresses of a required notification can be reached, it goes to the default address."),
        _(
            "Whoever receives an e-mail that is not required can stop it for their own address, with the link at"
            " its end. Other addresses still get it."
        ),
    ]
    if settings.LINE:
        points.insert(2, _("On LINE you can switch off each notification, the required ones as well."))
    return Section("switching-off", _("What can be switched off, and what cannot"), points=tuple(points))


def _changing() -> Section:
    return Section(
        "changing",
        _("Where to change it"),
        steps=(
            _("Open “Settings” and then “Notification options”."),
            _("Press “Edit” on the card of the notification."),
            _("Switch it on or off, and choose its addresses."),
            _("Press “Save”. Nothing is changed before; “Cancel” changes nothing at all."),
        ),
        after=(
            _(
                "The primary user may change the settings, and secondary users to whom the primary user gave the"
                " right. All members may look at them."
            ),
        ),
        settings=(Setting(_("Notification options"), "notifications:options"),),
    )


def _group(group: Group) -> Section:
    headers = [pgettext("column", "Notification"), _("E-mail")]
    if settings.LINE:
        headers.append("LINE")
    return Section(
        group.key,
        str(group.title),
        text=(str(group.description),),
        table=Table(tuple(headers), tuple(_row(kind) for kind in group)),
        links=_read_on(group.key),
    )


def _read_on(group_key: str) -> tuple[Link, ...]:
    """Return links to help on what such a notification asks of a seller."""
    match group_key:
        case "orders":
            return (Link(_("Orders and shipping"), "orders"),)
        case "returns":
            return (Link(_("A shipment came back, or a buyer returns it"), "orders", "returns"),)
        case "account":
            return (Link(_("An order says “sync failed” (連携失敗)"), "orders", "sync-failed"),)
        case "health":
            return (Link(_("What do the notifications ask of me?"), "health", "notices"),)
    return ()


def _row(kind: NotificationType) -> Row:
    cells = [str(kind.title), _by_email(kind)]
    if settings.LINE:
        cells.append(_("On as soon as LINE is linked") if kind.line else str(LinePreferenceStatus.NOT_TOLD.label))
    details = [str(kind.description), _rule(kind.key)]
    if kind.professional_only:
        details.append(_("Part of the professional selling plan."))
    return Row(tuple(cells), anchor=kind.key, details=tuple(filter(None, details)))


def _by_email(kind: NotificationType) -> str:
    match kind.email:
        case EmailDefault.REQUIRED:
            return str(PreferenceStatus.REQUIRED.label)
        case EmailDefault.ON:
            return _("On, can be switched off")
        case EmailDefault.OFF:
            return _("Off, can be switched on")


def _rule(key: str) -> str:
    """Return when it is sent, where its description does not say it all; empty for the others."""
    numbers = {
        "late": f"{LATE_SHIPMENT_LIMIT}%",
        "tracking": f"{VALID_TRACKING_LIMIT}%",
    }
    match key:
        case "order_confirmed":
            return _("A pending order is not told before it is confirmed. A buyer’s wish to cancel is told, too.")
        case "coach_recommendations" | "out_of_stock_weekly":
            return _("Only sent when there is something in the list.")
        case "technical_notice":
            return _(
                "Also when an order of your own shop system needs a hand: its sync failed, or its tracking number"
                " is missing."
            )
        case "late_shipment_rate":
            return _("Only above %(late)s; exactly %(late)s is not told.") % numbers
        case "valid_tracking_rate":
            return _("Only below %(tracking)s; exactly %(tracking)s is not told.") % numbers
        case "account_suspended" | "account_at_risk":
            return _("Also when that is over.")
        case "listing_suspended" | "listing_at_risk":
            return _("E-mail always tells it, whatever the sales.")
        case "emergency_notice":
            return _("We may also call your emergency phone.")
    return _("Also when it failed or was cancelled.") if key in REPORTS else ""


def _missing() -> Section:
    return Section(
        "missing",
        _("I did not get a notification"),
        text=(
            _(
                "The delivery log says of every notification where it went, and why not elsewhere: switched off,"
                " address not confirmed, mailbox full, and so on."
            ),
        ),
        links=(
            Link(_("E-mail that does not arrive"), "mail"),
            Link(_("LINE stays quiet. What can I check?"), "line", "quiet"),
        ),
        settings=(Setting(_("Delivery log"), "notifications:log"),),
    )
