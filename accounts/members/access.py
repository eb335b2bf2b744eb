"""View decorators: which seller account a request is for, and whether the user may use it.

Every page of a seller account has the account's public ID in its URL, so that two tabs never mix two shops. The
membership is looked up on every request; a user who is no member gets 404, as if the account did not exist.
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, cast

from allauth.account.models import EmailAddress
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from accounts.models import Membership, SellerAccount, User
from accounts.roles import Role

LAST_SELLER = "last_seller"
"""Session key: the seller account that was looked at last, for convenience only."""


class PersonRequest(HttpRequest):
    """A request by a signed-in user."""

    user: User


class SellerRequest(PersonRequest):
    """A request by a member, for one seller account."""

    membership: Membership
    seller: SellerAccount


class NotAllowed(PermissionDenied):
    """A member lacks the permission. The message says who has it."""


View = Callable[..., HttpResponseBase]


def person(request: HttpRequest) -> User:
    """Return the signed-in user; for views that require sign-in."""
    return cast(User, request.user)


def member(view: View) -> View:
    """Require membership; the URL's `seller` becomes `request.seller` and is not passed on. Others get 404."""

    @login_required
    @wraps(view)
    def wrapper(request: HttpRequest, seller: str, **kwargs: Any) -> HttpResponseBase:
        if "\x00" in seller:  # PostgreSQL refuses NUL in text
            raise Http404
        membership = (
            Membership.objects.select_related("account")
            .filter(account__public_id=seller, user_id=cast(User, request.user).pk)
            .first()
        )
        if membership is None:
            raise Http404
        acting = cast(SellerRequest, request)
        acting.membership = membership
        acting.seller = membership.account
        membership.user = acting.user
        if request.session.get(LAST_SELLER) != seller:
            request.session[LAST_SELLER] = seller
        return view(acting, **kwargs)

    return wrapper


def primary(view: View) -> View:
    """Require the primary user; raise NotAllowed for other members, naming the primary user."""

    @member
    @wraps(view)
    def wrapper(request: SellerRequest, **kwargs: Any) -> HttpResponseBase:
        if not request.membership.is_primary:
            raise NotAllowed(
                _("Only the primary user of %(shop)s, %(name)s, may do this.")
                % {"shop": request.seller.name, "name": primary_user(request.seller).name}
            )
        return view(request, **kwargs)

    return wrapper


def notification_editor(view: View) -> View:
    """Require the right to edit notification settings; raise NotAllowed for other members, naming who can grant it."""

    @member
    @wraps(view)
    def wrapper(request: SellerRequest, **kwargs: Any) -> HttpResponseBase:
        if not request.membership.may_edit_notifications:
            raise NotAllowed(
                _(
                    "You may look at the notification settings of %(shop)s but not change them."
                    " %(name)s, the primary user, can grant you the right."
                )
                % {"shop": request.seller.name, "name": primary_user(request.seller).name}
            )
        return view(request, **kwargs)

    return wrapper


def confirmed_by_primary_user(account_ids: Collection[int]) -> set[int]:
    """Return those of the accounts whose primary user confirmed the address they sign in with.

    Between sign-up and confirmation, the address may be another person's.
    """
    proved = EmailAddress.objects.filter(user=OuterRef("user"), email=OuterRef("user__email"), verified=True)
    primaries = Membership.objects.filter(Exists(proved), account_id__in=account_ids, role=Role.PRIMARY)
    return set(primaries.values_list("account_id", flat=True))


def primary_user(account: SellerAccount) -> User:
    """Return the primary user of the account."""
    return account.memberships.select_related("user").get(role=Role.PRIMARY).user
