"""How ids and SKUs are searched for."""

import unicodedata


def searchable(text: str) -> str:
    """The form in which references are kept and looked for: neither the width nor the case of a letter matters."""
    return unicodedata.normalize("NFKC", text).lower()
