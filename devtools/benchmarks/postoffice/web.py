"""The small site's door: the same requests as the product's."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

from . import work


@require_POST
def events(request: HttpRequest) -> HttpResponse:
    told = json.loads(request.body)["events"]
    if settings.TUNED:
        work.take_in_by_batch(told)
    else:
        work.take_in_one_by_one(told)
    return JsonResponse({"results": [{"status": "accepted"} for _ in told]})


urlpatterns = [path("api/v1/events", events)]
