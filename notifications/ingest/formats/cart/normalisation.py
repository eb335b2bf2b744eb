"""One word, however a cart system spells it."""

import unicodedata


def spelled(text: str) -> str:
    """For comparing: full-width or half-width, with or without spaces and capitals, it is the same word."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
