"""Help sections about suspended accounts and listings, and what a plan of action must contain."""

from django.utils.translation import gettext as _

from notifications.types.content import RecipientContext, advice

from .page import Link, Section, Table


def appeals(to: RecipientContext) -> tuple[Section, ...]:
    return (_causes(to), _plan(to), _sent_back(), _listings(to))


def _causes(to: RecipientContext) -> Section:
    return Section("causes", _("Why are accounts suspended?"), points=advice.account_causes(to).points)


def _plan(to: RecipientContext) -> Section:
    *contents, every_point = advice.plan_of_action(to).points
    return Section(
        "plan",
        _("What must a plan of action say?"),
        (_("It shows the marketplace that the problem will not come back, and says three things:"),),
        steps=tuple(contents),
        after=(
            every_point,
            _("An apology is no plan. Name what you changed, since when, and who sees to it."),
        ),
    )


def _sent_back() -> Section:
    return Section(
        "sent-back",
        _("My plan was sent back. What now?"),
        (
            _(
                "The answer lists the points that are open. Write a paragraph for each of them, in the same order,"
                " as in this example:"
            ),
        ),
        table=Table.of(
            (_("What was raised"), _("Not enough"), _("Better")),
            (
                _("Orders were not filled because products were out of stock."),
                _("We will manage our stock better."),
                _(
                    "Stock was counted once a day. Since 1 June our system updates the quantity with every order,"
                    " and a listing closes when two pieces are left. Ms Yamada checks it every morning."
                ),
            ),
            (
                _("Buyers did not receive their orders."),
                _("We use a faster shipping method now."),
                _(
                    "The shipping method could not be tracked. Since 1 June every parcel has a tracking number. We"
                    " wrote to the buyers of all open orders, and refunded three of them."
                ),
            ),
        ),
        after=(_("Then send the plan once more in the same way. Keep to the date, if one is given."),),
    )


def _listings(to: RecipientContext) -> Section:
    return Section(
        "listings",
        _("Why are listings suspended?"),
        points=advice.listing_causes(to).points,
        after=(
            _(
                "In an appeal the marketplace wants to read the same as for an account: the cause, what you have"
                " done, and how it will not happen again."
            ),
        ),
        links=(Link(_("What must a plan of action say?"), "health", "plan"),),
    )
