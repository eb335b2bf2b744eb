"""What the channel does with one answer after the other."""

from uuid import uuid4

import pytest

from notifications.channels.line.channel import LineChannel
from notifications.channels.line.messages import LineMessage
from notifications.channels.line.responses import LineResponse


class Client:
    """Answers each push with the next of these, the last one for ever."""

    def __init__(self, *answers: LineResponse) -> None:
        self.answers = list(answers)
        self.pushed = 0

    def push(self, to, alt_text, contents, *, retry_key):
        self.pushed += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def is_quota_used_up(self) -> bool:
        return True

    def close(self) -> None: ...


def messages(count: int) -> list[LineMessage]:
    return [LineMessage(uuid4(), "U1", "alt", {"type": "bubble"}) for _ in range(count)]


@pytest.mark.parametrize("status", [401, 403, 429])
def test_after_an_answer_about_the_whole_channel_nothing_more_is_handed_over(status):
    client = Client(LineResponse(status))
    channel = LineChannel(client, concurrency=1)

    outcomes = [one for some in channel.send(messages(3), reserve=lambda _id: True) for one in some]

    assert client.pushed == len(outcomes) == 1
    assert outcomes[0].pause_request is not None


def test_one_answer_about_one_message_stops_no_other():
    client = Client(LineResponse(400), LineResponse(200))
    channel = LineChannel(client, concurrency=1)

    outcomes = [one for some in channel.send(messages(3), reserve=lambda _id: True) for one in some]

    assert [one.code for one in outcomes] == [400, 200, 200]
