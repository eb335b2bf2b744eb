"""Settings of the small site, from what the bench says in the environment."""

import os

import environ

env = environ.Env()

SECRET_KEY = "benchmark-only"
INSTALLED_APPS = ["django.contrib.contenttypes", "post_office", "devtools.benchmarks.postoffice"]
DATABASES = {"default": {**env.db("DATABASE_URL"), "CONN_MAX_AGE": None}}
ROOT_URLCONF = "devtools.benchmarks.postoffice.web"
ALLOWED_HOSTS = ["127.0.0.1"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
USE_TZ = True
LANGUAGE_CODE = "ja"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = env.int("SINK_PORT")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = "SellerHub <no-reply@sellerhub.example>"

TUNED = env.bool("POST_OFFICE_TUNED")
POST_OFFICE = {"LOCK_FILE_NAME": f"bench-{os.getpid()}", "MESSAGE_ID_ENABLED": True}
if TUNED:
    # Found by trying batches of 500 to 5000, one to five threads, one to four processes on two cores.
    POST_OFFICE |= {"BATCH_SIZE": 2000, "THREADS_PER_PROCESS": 3, "LOG_LEVEL": 1}

LOGGING = {"version": 1, "disable_existing_loggers": True, "loggers": {"post_office": {"level": "WARNING"}}}
