"""What sources send in formats of their own, turned into our events at the door; the raw body is kept."""
