"""HTTP requests to Amazon SNS, for certificates and subscription confirmations."""

import re
from urllib.parse import urlsplit

import urllib3

from .events import NotNowError

_HOST = re.compile(r"sns\.[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}\.amazonaws\.com")
_MAX_BYTES = 16 * 1024
_TIMEOUT = urllib3.Timeout(connect=3, read=3, total=5)
_pool = urllib3.PoolManager(num_pools=4, retries=False)


def is_of_sns(url: str) -> bool:
    """Return whether the URL is an https URL of Amazon SNS, without anything that could mean another host."""
    try:
        parts = urlsplit(url)
        plain = parts.port is None and parts.username is None and parts.password is None
    except ValueError:
        return False
    return parts.scheme == "https" and plain and _HOST.fullmatch(parts.netloc) is not None and url.isascii()


def get(url: str) -> bytes:
    """Fetch up to 16 KiB of a URL; raises NotNowError."""
    try:
        response = _pool.request("GET", url, timeout=_TIMEOUT, redirect=False, preload_content=False)
        try:
            body: bytes = response.read(_MAX_BYTES + 1)
        finally:
            response.close()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise NotNowError(type(error).__name__) from error
    if response.status != 200 or len(body) > _MAX_BYTES:
        raise NotNowError(f"HTTP {response.status}, {len(body)} bytes")
    return body
