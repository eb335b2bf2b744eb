"""Addresses of the notification pages."""

from django.urls import path

from .views import centre

app_name = "notifications"

urlpatterns = [
    path("shops/<str:seller>/notifications/", centre.index, name="centre"),
    path("shops/<str:seller>/notifications/read/", centre.mark_all_read, name="mark_all_read"),
    path("shops/<str:seller>/notifications/<uuid:notification_id>/", centre.detail, name="detail"),
    path("n/<uuid:notification_id>/", centre.open_notification, name="open"),
]
