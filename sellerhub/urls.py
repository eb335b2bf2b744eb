"""Root URL configuration."""

from django.contrib import admin
from django.urls import include, path

from notifications.api import api

from . import health, views

urlpatterns = [
    path("", views.start, name="start"),
    path("shops/<str:seller>/", views.home, name="home"),
    path("theme/", views.theme, name="theme"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("account/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("notifications.urls")),
]
