"""What the settings pages show of choices and addresses."""

from accounts.models import Plan, SellerAccount
from notifications.models import Preference
from notifications.recipients import preference_matrix, preferences


def used_for_the_default_address(shop: SellerAccount) -> set[str]:
    book = preference_matrix.load_address_book(shop)
    used = preference_matrix.used_for(shop, book, preferences.load_all(shop).values())
    return {kind.key for kind in used[book.default.pk]}


def test_an_address_is_used_for_what_is_on_and_in_the_plan(shop, hanako):
    Preference.objects.create(account=shop, type="order_confirmed", email=False)

    professional = used_for_the_default_address(shop)
    shop.plan = Plan.INDIVIDUAL
    individual = used_for_the_default_address(shop)

    on = {key for key, choice in preferences.DEFAULTS.items() if choice.email}
    assert professional == on - {"order_confirmed"}
    assert individual == professional - {"coach_recommendations"}
