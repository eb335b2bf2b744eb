"""Which seller account a request acts for, and whether this person may.

Every page of a seller account has the account's public id in its URL, so that two tabs never mix two shops. The
membership is looked up on every request; whoever is no member learns nothing, not even that the account exists.
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
"""Session key: the seller account that was looked at last, a mere convenience."""


class PersonRequest(HttpRequest):
    """A request by somebody who is signed in."""

    user: User


class SellerRequest(PersonRequest):
    """A request by a member, for one seller account."""

    membership: Membership
    seller: SellerAccount


class NotAllowed(PermissionDenied):
    """A member lacks the right. Says who has it."""


View = Callable[..., HttpResponseBase]


def person(request: HttpRequest) -> User:
    """Who is signed in, where a page lets nobody else in."""
    return cast(User, request.user)


def member(view: View) -> View:
    """Let members in; the URL's `seller` becomes `request.seller` and is not passed on. Others get 404."""

    @login_required
    @wraps(view)
    def wrapper(request: HttpRequest, seller: str, **kwargs: Any) -> HttpResponseBase:
        if "\x00" in seller:  # PostgreSQL would refuse to look for it
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
    """Let only the primary user in; other members are told who it is."""

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
    """Let those in who may edit notification settings; other members are told who can grant it."""

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
    """Those of the accounts whose primary user has proved the address they sign in with.

    Between sign-up and the click in the mail it may be anybody's.
    """
    proved = EmailAddress.objects.filter(user=OuterRef("user"), email=OuterRef("user__email"), verified=True)
    primaries = Membership.objects.filter(Exists(proved), account_id__in=account_ids, role=Role.PRIMARY)
    return set(primaries.values_list("account_id", flat=True))


def primary_user(account: SellerAccount) -> User:
    """The one primary user of the account."""
    return account.memberships.select_related("user").get(role=Role.PRIMARY).user
