"""The WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sellerhub.settings")

application = get_wsgi_application()

# All code is loaded now and never freed: exclude it from garbage collection during requests.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
