"""One page with as many queries as wanted: the session's and the user's among them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from notifications.models import Notification

ROWS = 20
SIGNING_IN = 2
"""Queries for the session and the user."""


@login_required(login_url="/")
def bare(request: HttpRequest, queries: int) -> HttpResponse:
    """A list of notifications; every further query fetches one row."""
    newest = list(Notification.objects.order_by("-pk")[:ROWS])
    more = range(queries - SIGNING_IN - 1)
    others = [Notification.objects.filter(pk=newest[place % ROWS].pk).first() for place in more]
    return render(request, "page.html", {"newest": newest, "others": others})


urlpatterns = [path("bare/<int:queries>/", bare)]
