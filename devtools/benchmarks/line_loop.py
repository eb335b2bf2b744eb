"""What one would write first: `python -m devtools.benchmarks.line_loop PORT PUSHES` pushes one after the other.

One kept client of line-bot-sdk, nothing looked up, written or recorded; the messages are built beforehand. It says
ready and the mean size of a message's JSON, waits for go, pushes, says done.
"""

import json
import sys
from uuid import uuid4

import django
from linebot.v3.messaging import ApiClient, Configuration, FlexContainer, FlexMessage, MessagingApi
from linebot.v3.messaging import PushMessageRequest as Push

HOST = "127.0.0.1"


def main(port: int, count: int) -> None:
    django.setup()

    from .line_events import bubble_of

    bubbles = [bubble_of(number) for number in range(count)]
    size = sum(len(json.dumps(contents, ensure_ascii=False).encode()) for _alt_text, contents in bubbles)
    pushes = [
        Push(
            to=f"U{number:032x}",
            messages=[FlexMessage(altText=alt_text, contents=FlexContainer.from_dict(contents))],
        )
        for number, (alt_text, contents) in enumerate(bubbles)
    ]
    configuration = Configuration(host=f"http://{HOST}:{port}", access_token="bench")
    with ApiClient(configuration) as client:
        api = MessagingApi(client)
        api.push_message(pushes[0], str(uuid4()))
        print("ready", size // count, flush=True)
        sys.stdin.readline()
        for push in pushes:
            api.push_message(push, str(uuid4()))
    print("done", count, flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
