"""Whether this process answers, and whether it can do its work. Says nothing about sellers."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers: a restart would not help."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database and cache answer: requests may be sent here. 503 otherwise, with the part that fails."""
    parts = {"database": _database_answers(), "cache": _cache_answers()}
    ready = all(parts.values())
    return JsonResponse({"status": "ok" if ready else "failing", **parts}, status=200 if ready else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        return False
    return True
