"""Decide by which channels and to which recipients a notification is sent, and why not to others. Pure functions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from notifications.types.definitions import NotificationType
from notifications.types.enums import AWAITED, AddressState, Channel, LinkState, Reason

from .preferences import EffectivePreference, in_plan

_REASON_OF_LINK = {
    LinkState.WAITING: Reason.LINE_NOT_FRIEND,
    LinkState.BLOCKED: Reason.LINE_BLOCKED,
    LinkState.UNBLOCKED: Reason.LINE_UNBLOCKED,
    LinkState.ENDED: Reason.LINE_NOT_LINKED,
}


@dataclass(frozen=True, slots=True)
class KnownLink:
    """The data of the account's LINE link that routing needs."""

    id: UUID
    user_id: str
    state: LinkState
    language: str = ""
    """Empty: the account's language."""


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """The data of an e-mail address that routing needs."""

    id: UUID
    email: str
    state: AddressState
    language: str = ""
    """Empty: the account's language."""
    failure: str = ""
    """Why mail does not arrive there; may be empty."""
    unsubscribed_from: Collection[str] = ()
    """Types that its recipient unsubscribed from."""


@dataclass(frozen=True, slots=True)
class Route:
    """One delivery to make."""

    channel: Channel
    recipient: str
    language: str
    address_id: UUID | None = None
    link_id: UUID | None = None
    held: str = ""
    """Why it is held and not sent now: the address is suppressed or unconfirmed. Empty: it is sent."""


@dataclass(frozen=True, slots=True)
class SkippedRoute:
    """A delivery that was considered and will not be made."""

    channel: Channel
    reason: Reason
    address_id: UUID | None = None
    recipient: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    """`by` and `at`: who switched it off and when. `instead`: where a required notification was sent instead."""


@dataclass(frozen=True, slots=True)
class Routes:
    """The deliveries to make for one notification, and those that were considered and skipped."""

    destinations: tuple[Route, ...]
    refusals: tuple[SkippedRoute, ...]


def suppression_reason(kind: NotificationType, *, plan: str, verdict: Reason | None) -> Reason | None:
    """Return why the notification is sent by no channel at all; None when it is to be sent."""
    return verdict if in_plan(kind, plan) else Reason.NOT_IN_PLAN


def withhold(kind: NotificationType, reason: Reason) -> Routes:
    """Return no destinations, and each of the type's channels skipped for the same reason."""
    return Routes((), tuple(SkippedRoute(channel, reason) for channel in _channels(kind)))


def decide(
    choice: EffectivePreference,
    *,
    language: str,
    chosen: Sequence[KnownAddress],
    default: KnownAddress | None,
    link: KnownLink | None = None,
    line_verdict: Reason | None = None,
) -> Routes:
    """Return the routes of a notification that is to be sent.

    `chosen` holds the addresses that the preference names, in its order; without any, `default` is used. A required
    type that reaches none of its chosen addresses goes to `default`, so that an unconfirmed address does not hide that
    the account is at risk. What is for a suppressed address is also held for it.
    """
    destinations, refusals = _by_email(choice, language, chosen, default)
    if choice.type.line:
        match _by_line(choice, language, link, line_verdict):
            case Route() as road:
                destinations.append(road)
            case refusal:
                refusals.append(refusal)
    return Routes(tuple(destinations), tuple(refusals))


def needs_default(choice: EffectivePreference, chosen: Sequence[KnownAddress]) -> bool:
    """Return whether `decide` needs the account's default address."""
    if not (choice.email or choice.type.required):
        return False
    return not chosen or (choice.type.required and not any(_may_receive(choice, one) for one in chosen))


def _channels(kind: NotificationType) -> tuple[Channel, ...]:
    return (Channel.EMAIL, Channel.LINE) if kind.line else (Channel.EMAIL,)


def _by_email(
    choice: EffectivePreference, language: str, chosen: Sequence[KnownAddress], default: KnownAddress | None
) -> tuple[list[Route], list[SkippedRoute]]:
    if not (choice.email or choice.type.required):
        return [], [_switched_off(choice, Channel.EMAIL)]
    considered = list({address.email: address for address in chosen}.values())
    usable = [address for address in considered if _may_receive(choice, address)]
    detail: dict[str, str] = {}
    named = {address.id for address in considered}
    if default is not None and needs_default(choice, chosen) and default.id not in named:
        if _may_receive(choice, default):
            usable = [default]
            detail = {"instead": default.email} if considered else {}
        else:
            considered.append(default)
    if not (considered or usable):
        return [], [SkippedRoute(Channel.EMAIL, Reason.NO_ADDRESS)]
    resting = [one for one in considered if one not in usable and _rests(choice, one)]
    left_out = [one for one in considered if one not in usable and one not in resting]
    return (
        [_road(one, language) for one in usable]
        + [_road(one, language, held=one.failure or one.state.value) for one in resting],
        [SkippedRoute(Channel.EMAIL, _why_left_out(one), one.id, one.email, detail) for one in left_out],
    )


def _may_receive(choice: EffectivePreference, address: KnownAddress) -> bool:
    """Return whether it can be sent now; required types are sent also after a spam complaint."""
    if choice.type.required:
        return address.state in (AddressState.ACTIVE, AddressState.REFUSED)
    return address.state == AddressState.ACTIVE and choice.type.key not in address.unsubscribed_from


def _rests(choice: EffectivePreference, address: KnownAddress) -> bool:
    """Return whether it is held for the address until that is repaired or confirmed."""
    wanted = choice.type.required or choice.type.key not in address.unsubscribed_from
    is_awaited = address.state == AddressState.UNCONFIRMED and address.failure == AWAITED
    return wanted and (is_awaited or address.state in (AddressState.FAILING, AddressState.REFUSED))


def _why_left_out(address: KnownAddress) -> Reason:
    return Reason.ADDRESS_UNCONFIRMED if address.state == AddressState.UNCONFIRMED else Reason.UNSUBSCRIBED


def _road(address: KnownAddress, language: str, *, held: str = "") -> Route:
    return Route(Channel.EMAIL, address.email, address.language or language, address.id, held=held)


def _by_line(
    choice: EffectivePreference, language: str, link: KnownLink | None, verdict: Reason | None
) -> Route | SkippedRoute:
    if not choice.line:
        return _switched_off(choice, Channel.LINE)
    if verdict is not None:
        return SkippedRoute(Channel.LINE, verdict)
    if link is None:
        return SkippedRoute(Channel.LINE, Reason.LINE_NOT_LINKED)
    if link.state != LinkState.LIVE:
        return SkippedRoute(Channel.LINE, _REASON_OF_LINK[link.state])
    return Route(Channel.LINE, link.user_id, link.language or language, link_id=link.id)


def _switched_off(choice: EffectivePreference, channel: Channel) -> SkippedRoute:
    """Return the skipped route, with who switched it off and when unless it is the catalogue's default."""
    detail = {}
    if choice.changed_at is not None:
        detail = {"by": choice.changed_by, "at": choice.changed_at.isoformat()}
    return SkippedRoute(channel, Reason.SWITCHED_OFF, detail=detail)
