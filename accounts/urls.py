"""URLs of the pages about users and shops."""

from django.urls import path

from .views import invitations, members, profile, shops, sign_in

app_name = "accounts"

urlpatterns = [
    path("shops/", shops.index, name="shops"),
    path("open-shop/", shops.open_shop, name="open_shop"),
    path("shops/<str:seller>/settings/shop/", shops.details, name="shop"),
    path("shops/<str:seller>/members/", members.index, name="members"),
    path("shops/<str:seller>/members/hand-over/", members.hand_over, name="hand_over"),
    path("shops/<str:seller>/members/leave/", members.leave, name="leave"),
    path("shops/<str:seller>/members/<uuid:member>/right/", members.right, name="right"),
    path("shops/<str:seller>/members/<uuid:member>/remove/", members.remove, name="remove"),
    path("shops/<str:seller>/members/invite/", invitations.invite, name="invite"),
    path("shops/<str:seller>/members/invitations/<uuid:invitation>/send/", invitations.send_again, name="send_again"),
    path("shops/<str:seller>/members/invitations/<uuid:invitation>/revoke/", invitations.revoke, name="revoke"),
    path("invitations/<str:token>/", invitations.accept, name="accept_invitation"),
    path("invitations/<str:token>/sign-up/", sign_in.sign_up_by_invitation, name="sign_up_by_invitation"),
    path("confirmation/again/", sign_in.confirm_again, name="confirm_again"),
    path("profile/", profile.edit, name="profile"),
    path("language/", profile.set_language, name="set_language"),
]
