"""A wrong setting stops the start with a sentence that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import LIMIT_SECONDS

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SITE_URL": "https://sellers.example.jp",
    "SECRET_KEY": "k3Yv" * 20,
    "DATABASE_URL": "postgresql://sellerhub:secret@db.example.jp/sellerhub",
    "BROKER_URL": "redis://cache.example.jp:6379/0",
    "EMAIL_URL": "smtp+tls://sellerhub:secret@mail.example.jp:587",
}
LINE = {
    "LINE_CHANNEL_ID": "1",
    "LINE_CHANNEL_SECRET": "2",
    "LINE_LOGIN_CHANNEL_ID": "3",
    "LINE_LOGIN_CHANNEL_SECRET": "4",
    "LINE_FRIEND_URL": "https://lin.ee/x",
}
PROBE = "import sellerhub.settings as s; print(s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE)"


def start(*, probe: str = PROBE, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


def test_production_needs_five_variables_and_is_strict_by_itself():
    result = start(**PRODUCTION)

    assert (result.returncode, result.stdout) == (0, "31536000 True\n")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SITE_URL": ""}, "Set SITE_URL to the address that sellers open"),
        ({"SITE_URL": "sellers.example.jp"}, "SITE_URL must be a whole http or https address"),
        ({"SITE_URL": "http://sellers.example.jp"}, "SITE_URL must be https"),
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"DATABASE_URL": "mysql://db/x"}, "DATABASE_URL must name a PostgreSQL database"),
        ({"EMAIL_URL": ""}, "Set EMAIL_URL to the mail relay"),
        ({"EMAIL_URL": "http://mail.example.jp"}, "EMAIL_URL"),
        ({"LINE_CHANNEL_ID": "1"}, "LINE needs all of its settings or none: set LINE_CHANNEL_SECRET,"),
        (LINE | {"LINE_API_URL": "http://api.line.me"}, "LINE_API_URL must be https"),
        ({"MAIL_PROVIDERS": "mailgum"}, "MAIL_PROVIDERS: 'mailgum' is none of amazon_ses, brevo"),
        ({"MAIL_PROVIDERS": "postmark"}, "MAIL_PROVIDERS names postmark, so set MAIL_WEBHOOK_SECRETS too."),
        ({"MAIL_PROVIDERS": "mailgun"}, "so set MAILGUN_WEBHOOK_KEY too."),
        ({"MAIL_PROVIDERS": "sendgrid"}, "so set SENDGRID_WEBHOOK_KEY or MAIL_WEBHOOK_SECRETS too."),
        ({"MAIL_PROVIDERS": "amazon_ses"}, "so set SES_TOPICS too."),
        ({"MAIL_WEBHOOK_SECRETS": "short:secret"}, "MAIL_WEBHOOK_SECRETS must be user:password with at least 16"),
        ({"MAILGUN_WEBHOOK_KEY": "short"}, "MAILGUN_WEBHOOK_KEY is too short"),
        ({"SENDGRID_WEBHOOK_KEY": "bm8ga2V5IGF0IGFsbA=="}, "SENDGRID_WEBHOOK_KEY must be the public key"),
        ({"SES_TOPICS": "mail"}, "SES_TOPICS must hold ARNs such as arn:aws:sns:ap-northeast-1:"),
        ({"LINE_CONCURRENCY": "many"}, "LINE_CONCURRENCY must be a whole number"),
        ({"DEFAULT_FROM_EMAIL": "SellerHub"}, "DEFAULT_FROM_EMAIL must hold an e-mail address"),
        ({"BROKER_URL": "amqp://queue.example.jp//"}, "Set CACHE_URL"),
        ({"ADDRESS_CONFIRMATION": "perhaps"}, "ADDRESS_CONFIRMATION"),
        ({"DEBUG": "perhaps"}, "DEBUG must be 1 or 0, not 'perhaps'."),
        ({"EMAIL_TIMEOUT": "0"}, "EMAIL_TIMEOUT must be a whole number of at least 1, not '0'."),
        ({"DELIVERY_BATCH": "many"}, "DELIVERY_BATCH must be a whole number of at least 1, not 'many'."),
        ({"DATABASE_CONN_MAX_AGE": "-1"}, "DATABASE_CONN_MAX_AGE must be a whole number of at least 0, not '-1'."),
        ({"LOG_LEVEL": "chatty"}, "LOG_LEVEL must be DEBUG, INFO"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be text or json, not 'xml'."),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN is too short"),
        ({"RETENTION_RAW_DAYS": "0"}, "RETENTION_RAW_DAYS must be a whole number of at least 1"),
        ({"RETENTION_WEBHOOK_DAYS": "20"}, "RETENTION_WEBHOOK_DAYS must not be less than RETENTION_RAW_DAYS."),
        (
            {"RETENTION_NOTIFICATIONS_DAYS": "399"},
            "RETENTION_NOTIFICATIONS_DAYS must be a whole number of at least 400",
        ),
    ],
)
def test_a_wrong_value_stops_the_start(change, sentence):
    result = start(**PRODUCTION | change)

    assert result.returncode == 1
    assert sentence in result.stderr.splitlines()[-1]


def test_the_hosts_of_the_environment_come_on_top_of_the_site_s_own():
    probe = "import sellerhub.settings as s; print(s.ALLOWED_HOSTS)"

    result = start(**PRODUCTION, ALLOWED_HOSTS="10.0.0.7,sellers.internal", probe=probe)

    assert result.stdout == "['sellers.example.jp', '10.0.0.7', 'sellers.internal']\n"


@pytest.mark.parametrize(("behind", "trusted"), [("0", "0"), ("1", "1")])
def test_only_behind_a_proxy_the_client_is_who_the_proxy_says(behind, trusted):
    probe = "import sellerhub.settings as s; print(getattr(s, 'ALLAUTH_TRUSTED_PROXY_COUNT', 0))"

    result = start(**PRODUCTION, BEHIND_PROXY=behind, probe=probe)

    assert result.stdout.split() == [trusted], result.stderr


def test_the_web_process_does_without_line_s_slow_client():
    probe = (
        "import django; django.setup(); import sellerhub.urls, sys;"
        " print(any(name.split('.')[0] == 'linebot' for name in sys.modules))"
    )

    result = start(probe=probe, DJANGO_SETTINGS_MODULE="sellerhub.settings", **PRODUCTION, **LINE)

    assert (result.returncode, result.stdout.splitlines()[-1:]) == (0, ["False"])
