"""The anchor: a small site that does the same work with django-post_office."""
