"""What every page needs."""

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The seller account this page acts for, if any, and the person's part in it."""
    return {
        "seller": getattr(request, "seller", None),
        "membership": getattr(request, "membership", None),
    }
