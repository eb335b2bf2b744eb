"""Addresses of the notification pages."""

from django.urls import path

from .views import addresses, centre, emergency, options

app_name = "notifications"

SETTINGS = "shops/<str:seller>/settings/notifications/"

urlpatterns = [
    path("shops/<str:seller>/notifications/", centre.index, name="centre"),
    path("shops/<str:seller>/notifications/read/", centre.mark_all_read, name="mark_all_read"),
    path("shops/<str:seller>/notifications/<uuid:notification_id>/", centre.detail, name="detail"),
    path("n/<uuid:notification_id>/", centre.open_notification, name="open"),
    path(SETTINGS, options.index, name="options"),
    path(f"{SETTINGS}changes/", options.changes, name="changes"),
    path(f"{SETTINGS}<slug:group>/edit/", options.edit_group, name="edit_group"),
    path(f"{SETTINGS}addresses/", addresses.index, name="addresses"),
    path(f"{SETTINGS}addresses/add/", addresses.add, name="add_address"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/resend/", addresses.resend, name="resend_confirmation"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/language/", addresses.language, name="address_language"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/remove/", addresses.remove, name="remove_address"),
    path(f"{SETTINGS}emergency/phone/", emergency.edit, name="emergency"),
    path(f"{SETTINGS}emergency/phone/confirm/", emergency.confirm, name="confirm_emergency"),
    path(f"{SETTINGS}emergency/phone/remove/", emergency.remove, name="remove_emergency"),
    path("addresses/confirm/<str:token>/", addresses.confirm, name="confirm_address"),
]
