"""Whatever the bytes are: no exception, no endless work, nothing that a database refuses."""

import itertools
import random
from collections.abc import Iterator
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.channels.email.bounces import classify, parse
from notifications.channels.email.bounces.classification import MAX_ANSWER_LENGTH
from notifications.channels.email.bounces.raw_message import MAX_BYTES, MAX_PARTS, read
from notifications.channels.email.bounces.reason_table import CLEAR, VAGUE

from .samples import PROSE_HEAD, complaint, prose, receipt, report
from .work import counting_reader, cpu_seconds, work_of

HEAD = PROSE_HEAD.encode()
MEGABYTES_20 = 20 * 1024 * 1024
MAX_CALLS = 300_000
MAX_CHARACTERS = 2_500_000
"""Twice what the worst of these mails cost when this was written."""
ONE_MORE_ANSWER = 400_000
"""Characters that are looked at for it: a mail that is cut elsewhere may hold one that the shorter one did not."""
MAX_TIMES_AN_HONEST_MAIL = 25
"""The worst costs three times as much; a pattern that runs wild, a thousand times and more."""
OTHER_PATTERNS = 16
"""That look at an answer beside those of the table."""


def multipart(parts: int, kind: bytes) -> bytes:
    part = b"--b\nContent-Type: " + kind + b"\n\nx\n"
    return HEAD + b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n' + part * parts


def nested(levels: int) -> bytes:
    return HEAD + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(levels)
    )


def filled(start: bytes, piece: bytes) -> bytes:
    return HEAD + start + piece * (MEGABYTES_20 // len(piece))


BOMBS = {
    "lines of text": lambda: filled(b"\n", b"<hanako@sellers.test>: 550 user unknown\n"),
    "one line": lambda: filled(b"\n", b"a"),
    "at signs": lambda: filled(b"\n", b"a@"),
    "dots": lambda: filled(b"\n", b"a."),
    "quotes": lambda: filled(b"\n", b'"'),
    "spaces": lambda: filled(b"\n", b" "),
    "rules": lambda: filled(b"\n", b"-" * 100 + b"\n"),
    "words of the table": lambda: filled(b"\n", b"user mailbox account message sender host not is was "),
    "words of the table and addresses": lambda: filled(b"\n", b"message to <a@b.test> user mailbox not is was\n"),
    "tags": lambda: filled(b"Content-Type: text/html\n\n", b"<a "),
    "scripts": lambda: filled(b"Content-Type: text/html\n\n", b"<script>"),
    "base64": lambda: filled(b"Content-Transfer-Encoding: base64\n\n", b"YWJj"),
    "quoted-printable": lambda: filled(b"Content-Transfer-Encoding: quoted-printable\n\n", b"   \n"),
    "escapes": lambda: filled(b"Content-Type: text/plain; charset=iso-2022-jp\n\n", b"\x1b$B"),
    "headers": lambda: filled(b"", b"X-A: b\n"),
    "one header": lambda: filled(b"Content-Type: ", b"a;"),
    "folded header": lambda: filled(b"X-A: b\n", b" y\n"),
    "encoded words": lambda: filled(b"Subject: ", b"=?utf-8?q?a?= "),
    "recipients": lambda: filled(b"X-Failed-Recipients: ", b"a@b.test,"),
    "many parts": lambda: multipart(100_000, b"text/plain"),
    "many reports": lambda: multipart(100_000, b"message/delivery-status"),
    "many mails": lambda: multipart(100_000, b"message/rfc822"),
    "deep parts": lambda: nested(10_000),
    "many entries": lambda: report().replace(
        b"\n\n--=-b\nContent-Type: message/rfc822",
        b"\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\n" * 100_000,
    ),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[ModuleType]:
    with counting_reader() as reader:
        yield reader


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_through_after_bounded_work(bomb: str, reader: ModuleType) -> None:
    mail = BOMBS[bomb]()

    work = work_of(lambda: reader.parse(mail))

    assert work.calls <= MAX_CALLS
    assert work.characters <= MAX_CHARACTERS
    assert len(parse(mail)) <= 100


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_more_than_the_beginning_of_a_bomb_is_looked_at(bomb: str, reader: ModuleType) -> None:
    mail = BOMBS[bomb]()

    assert sum(len(part.body) for part in read(mail).parts) <= MAX_BYTES
    assert work_of(lambda: reader.parse(mail)) == work_of(lambda: reader.parse(mail[:MAX_BYTES]))


@pytest.mark.parametrize("bomb", BOMBS)
def test_twice_the_bomb_is_twice_the_work_at_most(bomb: str, reader: ModuleType) -> None:
    whole = BOMBS[bomb]()
    works = [work_of(lambda size=size: reader.parse(whole[:size])) for size in (8192, 16_384, 32_768, 65_536)]

    for small, large in itertools.pairwise(works):
        assert large.calls <= 2.2 * small.calls
        assert large.characters <= 2.2 * small.characters + ONE_MORE_ANSWER


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_pattern_runs_wild_over_a_bomb(bomb: str) -> None:
    """What goes on inside a pattern cannot be counted: so against an honest mail of the same size."""
    mail = BOMBS[bomb]()
    honest = prose("<hanako@sellers.test>: 550 user unknown\n" + "It could not be delivered.\n" * 20_000)

    assert cpu_seconds(lambda: parse(mail)) < MAX_TIMES_AN_HONEST_MAIL * cpu_seconds(lambda: parse(honest))


@pytest.mark.parametrize("mail", [multipart(100_000, b"text/plain"), nested(10_000)], ids=["many", "deep"])
def test_the_parts_of_a_mail_are_bounded(mail: bytes) -> None:
    assert 1 <= len(read(mail).parts) <= MAX_PARTS


LONG_ANSWERS = ["user ", "mailbox is not ", "a" * 50, "quota@", "polic. ", "5.1.1 550 ", "x.x."]


@pytest.mark.parametrize("word", LONG_ANSWERS)
def test_of_a_long_answer_the_beginning_is_classified(word: str, reader: ModuleType) -> None:
    work = work_of(lambda: reader.classify(None, "", word * 100_000))

    assert work == work_of(lambda: reader.classify(None, "", word * 10_000))
    assert work.characters <= (len(CLEAR) + len(VAGUE) + OTHER_PATTERNS) * MAX_ANSWER_LENGTH


@pytest.mark.parametrize("word", LONG_ANSWERS)
def test_no_pattern_runs_wild_over_a_long_answer(word: str) -> None:
    honest = "It could not be delivered, as the server on the other side says. " * 100

    hostile_seconds = cpu_seconds(lambda: classify(None, "", word * 100_000))

    assert hostile_seconds < MAX_TIMES_AN_HONEST_MAIL * cpu_seconds(lambda: classify(None, "", honest))


def assert_storable(mail: bytes) -> None:
    for bounce in parse(mail):
        for words in (bounce.recipient, bounce.status, bounce.text):
            words.encode()
            assert "\x00" not in words
        assert len(bounce.text) <= 500


@given(st.binary(max_size=4000))
@settings(max_examples=200)
def test_no_bytes_make_it_raise(mail: bytes) -> None:
    assert_storable(mail)
    assert_storable(HEAD + mail)


WHOLE = [
    report(),
    complaint(),
    prose("<hanako@sellers.test>: 550 user unknown\n"),
    receipt("x; deleted", "rejected"),
]


@given(st.sampled_from(WHOLE), st.randoms(use_true_random=False), st.binary(min_size=1, max_size=8))
@settings(max_examples=300)
def test_no_mutation_of_a_bounce_makes_it_raise(mail: bytes, chance: random.Random, foreign: bytes) -> None:
    mutated = bytearray(mail)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(mutated) + 1)
        match chance.randrange(3):
            case 0:
                mutated[place:place] = foreign
            case 1:
                del mutated[place : place + chance.randrange(60)]
            case _:
                mutated[place : place + len(foreign)] = foreign

    assert_storable(bytes(mutated))


@pytest.mark.parametrize("length", range(0, 1400, 7))
def test_a_bounce_that_was_cut_off_anywhere_does_not_raise(length: int) -> None:
    assert_storable(report()[:length])


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "idna", "zlib", "undefined", "utf-16", "\udcff"])
def test_odd_charsets_are_survived(charset: str) -> None:
    head = f"{PROSE_HEAD}Content-Type: text/plain; charset={charset}\n\n".encode("utf-8", "surrogateescape")

    assert_storable(head + b"<hanako@sellers.test>: 550 \\ud800 +2AA- \xff user unknown\x00\n")
