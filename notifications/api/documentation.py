"""API documentation for developers: the OpenAPI description as accessible HTML without scripts."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from ..ingest.formats.base import MAX_PARTS
from ..ingest.formats.cart.carriers import FALLBACK, TABLE
from ..ingest.formats.cart.columns import NAMES
from ..ingest.formats.cart.statuses import WORDS
from ..ingest.formats.spapi.parser import READERS
from ..ingest.pipeline import MAX_EVENTS
from ..ingest.pipeline.events import EARLY, LATE, MAX_KEY_LENGTH
from ..types.definitions import GROUPS
from ..types.payloads import PAYLOADS
from .payload_fields import fields_of
from .schemas import example


class Reference(DocsBase):
    """The documentation page at `/api/v1/docs`."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        limits = {
            "events": MAX_EVENTS,
            "megabytes": settings.EVENTS_BODY_BYTES // 1024 // 1024,
            "key": MAX_KEY_LENGTH,
            "minutes": EARLY.seconds // 60,
            "days": LATE.days,
            "messages": MAX_PARTS,
        }
        groups = [
            {
                "title": group.title,
                "types": [
                    {"kind": kind, "fields": fields_of(PAYLOADS[kind.key]), "example": _pretty(example(kind.key))}
                    for kind in group
                ],
            }
            for group in GROUPS
        ]
        context = {
            "limits": limits,
            "groups": groups,
            "partner_types": list(READERS),
            "cart": {"columns": NAMES.items(), "states": WORDS.items(), "carriers": TABLE, "other": FALLBACK},
            "openapi_url": self.get_openapi_url(api, kwargs),
        }
        with translation.override("en"):
            return render(request, "notifications/api/reference.html", context)


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
