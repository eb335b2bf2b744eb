from devtools.sandbox.mail.mailboxes import Mailboxes


def test_the_oldest_mails_are_dropped_beyond_the_count():
    mailboxes = Mailboxes(max_mails=2)

    for number in range(3):
        mailboxes.add("a@x", [f"to{number}@x"], b"raw")

    assert [mail.to for mail in mailboxes.arrived()] == ["to1@x", "to2@x"]
    assert mailboxes.arrived("to0@x") == []
    assert [summary.address for summary in mailboxes.summaries()] == ["to2@x", "to1@x"]


def test_the_oldest_mails_are_dropped_beyond_the_bytes():
    mailboxes = Mailboxes(max_bytes=10)

    mailboxes.add("a@x", ["one@x"], b"123456")
    mailboxes.add("a@x", ["two@x"], b"123456")

    assert [mail.to for mail in mailboxes.arrived()] == ["two@x"]


def test_addresses_are_compared_without_case():
    mailboxes = Mailboxes()
    mailboxes.add("a@x", ["Hanako@Ok.test", "taro@ok.test"], b"raw")

    mailboxes.clear("hanako@OK.test")

    assert [mail.to for mail in mailboxes.arrived()] == ["taro@ok.test"]
