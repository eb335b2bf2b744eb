"""The normal form of addresses, as people type them."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.rule_violation import RuleViolationError
from notifications.channels.email.mailbox import mailbox
from notifications.recipients.email_addresses import normalise, same


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("hanako@ok.test", "hanako@ok.test"),
        ("  Hanako@OK.Test \n", "Hanako@ok.test"),
        ("ｈａｎａｋｏ＠ｏｋ．ｔｅｓｔ", "hanako@ok.test"),
        ("hanako@ok。test", "hanako@ok.test"),
        ("\u3000hanako@ok.test\u200b", "hanako@ok.test"),
        ("hanako@ok.test.", "hanako@ok.test"),
        ("ha..na.ko@docomo.ne.jp", "ha..na.ko@docomo.ne.jp"),
        ("hanako.@docomo.ne.jp", "hanako.@docomo.ne.jp"),
        (".hanako@docomo.ne.jp", ".hanako@docomo.ne.jp"),
        ('"ha..nako."@docomo.ne.jp', "ha..nako.@docomo.ne.jp"),
        ("o'hara+shop/x=1@ok.test", "o'hara+shop/x=1@ok.test"),
        ("hanako@日本語.JP", "hanako@日本語.jp"),
        ("hanako@xn--wgv71a119e.jp", "hanako@日本語.jp"),
        ("a" * 64 + "@ok.test", "a" * 64 + "@ok.test"),
    ],
)
def test_what_people_type_becomes_normal(typed, normal):
    assert normalise(typed) == normal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "@",
        "hanako",
        "hanako@",
        "@ok.test",
        "hanako@localhost",
        "hanako@ok..test",
        "hanako@-ok.test",
        "hanako@ok_test.jp",
        "hanako@127.0.0.1",
        "hanako@[127.0.0.1]",
        "hanako ceramics@ok.test",
        "花子@ok.test",
        "hanako\u2212shop@ok.test",
        "hanako@ok.test\r\nBcc: everybody@ok.test",
        "hana\x00ko@ok.test",
        "hana\u202eko@ok.test",
        "Hanako <hanako@ok.test>",
        "a@ok.test, b@ok.test",
        "a@b@ok.test",
        "=?utf-8?q?a?=@ok.test",
        "..@ok.test",
        "hanako@straße.de",
        "a" * 65 + "@ok.test",
        "a@" + ".".join(["b" * 60] * 5) + ".jp",
        "x" * 5000,
    ],
)
def test_what_no_mail_server_takes_is_refused_with_a_sentence(typed):
    with pytest.raises(RuleViolationError) as refusal:
        normalise(typed)

    assert len(str(refusal.value)) > 10


@pytest.mark.parametrize(
    "typed", ["a@ok.test, b@ok.test", "a@ok.test；b@ok.test", "a@ok.test、b@ok.test", "a@b.c d@e.f"]
)
def test_two_addresses_in_one_field_are_told_apart_from_a_wrong_one(typed):
    with translation.override("en"), pytest.raises(RuleViolationError, match="one address in each field"):
        normalise(typed)


@given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9.!+_-]{1,20}@([A-Za-z0-9あ-ん]{1,9}\.){1,3}[A-Za-z]{2,6}"))
def test_a_normal_form_is_final_sendable_and_safe_in_a_header(typed):
    try:
        normal = normalise(typed)
    except RuleViolationError:
        return

    assert normalise(normal) == normal
    assert mailbox(normal).address.isascii()
    assert not set(normal) & set('\r\n\0 ,<>"')


@given(st.from_regex(r"[A-Za-z0-9._-]{0,20}[a-z0-9]@[a-z0-9]{1,12}\.(jp|test)", fullmatch=True))
def test_width_blanks_and_case_make_no_other_address(typed):
    wide = "".join(chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in typed)

    assert same(normalise(f"\u3000{wide} ")) == same(normalise(typed.upper()))
