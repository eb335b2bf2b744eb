"""Every page of allauth that people can meet has our words and no script or style within it."""

import re
from pathlib import Path

import allauth
import pytest
from django.template.loader import get_template

ALLAUTH = Path(allauth.__file__).parent / "templates"
OURS = Path(__file__).parents[2] / "templates"
NOT_IN_USE = {
    # Codes by e-mail or phone, several addresses, sign-up by passkey, trusted browsers: switched off.
    "account/base_confirm_code.html",
    "account/confirm_email_verification_code.html",
    "account/confirm_login_code.html",
    "account/confirm_password_reset_code.html",
    "account/confirm_phone_verification_code.html",
    "account/email.html",
    "account/phone_change.html",
    "account/request_login_code.html",
    "account/signup_by_passkey.html",
    "account/signup_closed.html",
    "account/snippets/already_logged_in.html",
    "account/snippets/warn_no_email.html",
    "account/verified_email_required.html",
    "mfa/trust.html",
    "mfa/webauthn/signup_form.html",
    "account/messages/login_code_sent.txt",
    "account/messages/phone_verification_sent.txt",
    "account/messages/phone_verified.txt",
}
WITHOUT_WORDS = {
    *(
        f"account/base_{name}.html"
        for name in ("entrance", "manage", "manage_email", "manage_password", "manage_phone")
    ),
    *(
        f"mfa/{name}.html"
        for name in ("base_entrance", "base_manage", "recovery_codes/base", "totp/base", "webauthn/base")
    ),
    "mfa/webauthn/snippets/login_script.html",
    "mfa/recovery_codes/download.txt",
    "usersessions/base_manage.html",
}
THEIRS = sorted(
    str(path.relative_to(ALLAUTH))
    for app in ("account", "mfa", "usersessions")
    for path in (ALLAUTH / app).rglob("*.*")
    if "email" not in path.relative_to(ALLAUTH).parts
)


@pytest.mark.parametrize("name", [name for name in THEIRS if name not in NOT_IN_USE | WITHOUT_WORDS])
def test_the_page_is_ours(name):
    assert Path(get_template(name).origin.name).is_relative_to(OURS)


PAGES = [path for path in sorted(OURS.rglob("*.html")) if not {"mail", "messages"} & set(path.parts)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(OURS)))
def test_no_page_holds_script_or_style(path):
    code = path.read_text()

    scripts = re.findall(r"<script\b[^>]*>", code)
    assert [tag for tag in scripts if " src=" not in tag and "application/json" not in tag] == []
    assert re.findall(r"<style\b|\sstyle=|\son[a-z]+=", code) == []
