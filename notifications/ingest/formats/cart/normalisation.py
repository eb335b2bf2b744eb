"""Normalise words of a cart feed for comparison."""

import unicodedata


def spelled(text: str) -> str:
    """Return `text` in NFKC, without spaces and in lower case, so that different spellings compare as equal."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
