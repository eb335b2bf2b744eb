"""Addresses of the notification pages."""

from django.urls import path

from .web.views import (
    address_repair,
    addresses,
    delivery_log,
    emergency,
    help,
    inbox,
    options,
    providers,
    unsubscription,
)
from .web.views.line import consent as line_consent
from .web.views.line import settings as line_settings
from .web.views.line import webhook as line_webhook

app_name = "notifications"

SETTINGS = "shops/<str:seller>/settings/notifications/"

urlpatterns = [
    path("shops/<str:seller>/notifications/", inbox.index, name="centre"),
    path("shops/<str:seller>/notifications/read/", inbox.mark_all_read, name="mark_all_read"),
    path("shops/<str:seller>/notifications/<uuid:notification_id>/", inbox.detail, name="detail"),
    path("n/<uuid:notification_id>/", inbox.open_notification, name="open"),
    path(SETTINGS, options.index, name="options"),
    path(f"{SETTINGS}log/", delivery_log.index, name="log"),
    path(f"{SETTINGS}changes/", options.changes, name="changes"),
    path(f"{SETTINGS}<slug:group>/edit/", options.edit_group, name="edit_group"),
    path(f"{SETTINGS}addresses/", addresses.index, name="addresses"),
    path(f"{SETTINGS}addresses/add/", addresses.add, name="add_address"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/resend/", addresses.resend, name="resend_confirmation"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/language/", addresses.language, name="address_language"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/remove/", addresses.remove, name="remove_address"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/reset/", address_repair.reset, name="reset_address"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/fix/", address_repair.fix, name="fix_address"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/test/", address_repair.test, name="test_address"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/held/", address_repair.held, name="held"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/held/replay/", address_repair.replay, name="replay"),
    path(f"{SETTINGS}addresses/<uuid:address_id>/send-again/", addresses.send_again, name="send_again"),
    path(f"{SETTINGS}emergency/phone/", emergency.edit, name="emergency"),
    path(f"{SETTINGS}emergency/phone/confirm/", emergency.confirm, name="confirm_emergency"),
    path(f"{SETTINGS}emergency/phone/remove/", emergency.remove, name="remove_emergency"),
    path(f"{SETTINGS}line/", line_settings.index, name="line"),
    path(f"{SETTINGS}line/link/", line_settings.start, name="line_start"),
    path(f"{SETTINGS}line/test/", line_settings.test, name="line_test"),
    path(f"{SETTINGS}line/unlink/", line_settings.unlink, name="line_unlink"),
    path("help/", help.index, name="help"),
    path("help/<slug:slug>/", help.page, name="help_page"),
    path("line/callback/", line_consent.callback, name="line_callback"),
    path("line/consent/<uuid:attempt_id>/", line_consent.consent, name="line_consent"),
    path("line/link/<str:token>/", line_consent.from_chat, name="line_link"),
    path("line/webhook/", line_webhook.receive, name="line_webhook"),
    path("anymail/<slug:provider>/tracking/", providers.track, name="provider_events"),
    path("addresses/confirm/<str:token>/", addresses.confirm, name="confirm_address"),
    # Without a slash at its end: a mail program that adds or drops one must not be redirected (RFC 8058, 3.1).
    path("unsubscribe/<str:token>", unsubscription.page, name="unsubscribe"),
]
