"""The normalised form of IDs and SKUs for the search."""

import unicodedata


def searchable(text: str) -> str:
    """Normalise a reference so that neither the width nor the case of its characters matters to the search."""
    return unicodedata.normalize("NFKC", text).lower()
