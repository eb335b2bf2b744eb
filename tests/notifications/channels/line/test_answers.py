"""LINE's answers in our words."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from notifications.channels.base import SendResult
from notifications.channels.line.messages import LineMessage
from notifications.channels.line.responses import LineResponse, month_end, outcome
from notifications.types.enums import PauseReason

MESSAGE = LineMessage(UUID(int=1), "U1", "alt", {"type": "bubble"})
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (LineResponse(200, '{"sentMessages": [{"id": "1"}]}'), SendResult.ACCEPTED),
        (LineResponse(200, "no json at all"), SendResult.ACCEPTED),
        (LineResponse(409, '{"message": "The retry key is already accepted"}'), SendResult.ACCEPTED),
        (
            LineResponse(400, '{"message": "The property, \'to\', in the request body is invalid"}'),
            SendResult.REFUSED,
        ),
        (LineResponse(404, ""), SendResult.REFUSED),
        (LineResponse(500, ""), SendResult.DEFERRED),
        (LineResponse(503, ""), SendResult.DEFERRED),
        (LineResponse(-1), SendResult.DEFERRED),
        (LineResponse(0), SendResult.UNREACHABLE),
        (LineResponse(429, '{"message": "The API rate limit has been exceeded."}'), SendResult.UNREACHABLE),
        (LineResponse(401, '{"message": "Authentication failed"}'), SendResult.UNREACHABLE),
        (LineResponse(403, '{"message": "Not authorized"}'), SendResult.UNREACHABLE),
    ],
)
def test_each_answer_means_one_thing(answer, verdict):
    assert outcome(MESSAGE, answer, now=NOW).verdict is verdict


@pytest.mark.parametrize(("status", "reason"), [(401, PauseReason.UNAUTHORIZED), (403, PauseReason.FORBIDDEN)])
def test_what_concerns_the_channel_stops_it_until_somebody_mends_it(status, reason):
    pause_request = outcome(MESSAGE, LineResponse(status, '{"message": "no"}'), now=NOW).pause_request

    assert (pause_request.reason, pause_request.until, pause_request.detail) == (reason, None, "no")


def test_a_quota_that_is_used_up_stops_it_until_the_month_ends_in_japan():
    pause_request = outcome(MESSAGE, LineResponse(429), quota_used_up=True, now=NOW).pause_request

    assert (pause_request.reason, pause_request.until) == (PauseReason.QUOTA, datetime(2026, 11, 30, 15, 0, tzinfo=UTC))


def test_a_rate_limit_stops_nothing_for_long():
    assert outcome(MESSAGE, LineResponse(429), now=NOW).pause_request is None


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (datetime(2026, 12, 31, 14, 59, tzinfo=UTC), datetime(2026, 12, 31, 15, 0, tzinfo=UTC)),
        (datetime(2026, 12, 31, 15, 0, tzinfo=UTC), datetime(2027, 1, 31, 15, 0, tzinfo=UTC)),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), datetime(2026, 2, 28, 15, 0, tzinfo=UTC)),
    ],
)
def test_the_month_is_japan_s(now, end):
    assert month_end(now) == end


def test_line_s_words_are_kept_with_the_places_they_name():
    details = '[{"message": "Must not be empty", "property": "messages[0].text"}]'
    body = f'{{"message": "The request body has 1 error(s)", "details": {details}}}'

    detail = outcome(MESSAGE, LineResponse(400, body), now=NOW).detail

    assert detail == "The request body has 1 error(s) messages[0].text: Must not be empty"
