"""Test every kind of e-mail failure on a running demo: `python -m devtools.scripts.failures`.

It adds an address for each behaviour of the sandbox to the demo's first shop, posts notifications to all of them,
waits for the delivery events, and compares each address's state with the expected one. Then it repairs one address
and counts the messages sent again. It exits with 1 when anything differs.
"""

import json
import os
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from devtools.embedded import places

ROUNDS = 3
"""Notifications to each: where SellerHub may be at fault, only the third refusal suppresses an address."""
WAIT_SECONDS = 120
SERVERS = ("postfix", "exchange", "gmail", "docomo")
AT_ONCE = {
    "fine": ("active", ""),
    "full": ("failing", "mailbox_full"),
    "unknown": ("failing", "unknown_user"),
    "suspended": ("failing", "suspended"),
    "nohost": ("failing", "host_unknown"),
    "blocked": ("failing", "blocked_by_provider"),
    "refuse": ("failing", "blocked_by_provider"),
    "toobig": ("active", ""),
    "busy": ("active", ""),
    "slow": ("active", ""),
}
LATER = {
    **{f"later-full.{server}": ("failing", "mailbox_full") for server in SERVERS},
    **{f"later-unknown.{server}": ("failing", "unknown_user") for server in SERVERS},
    **{f"later-blocked.{server}": ("failing", "blocked_by_provider") for server in SERVERS},
    "late": ("active", ""),
    "away": ("active", ""),
    "spam": ("refused", "complaint"),
}
TYPES = {"claim_opened": AT_ONCE, "return_requested": LATER}
DOMAIN = "tried.test"


def main() -> int:
    path = places.var_dir() / "demo.json"
    if not path.exists():
        print("Start the demo first: make demo", file=sys.stderr)
        return 1
    os.environ["SELLERHUB_DEVELOPMENT"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "devtools.settings")
    demo = json.loads(path.read_text())
    import django  # settings are read from the environment

    django.setup()
    wrong = Trial(demo).run()
    print("\nAll as it should be." if not wrong else f"\n{wrong} otherwise than it should be.")
    return 1 if wrong else 0


class Trial:
    """One run against one demo."""

    def __init__(self, demo: dict[str, Any]) -> None:
        from accounts.models import SellerAccount, User

        self.demo = demo
        self.user = User.objects.get(email=demo["users"]["primary"]["email"])
        self.shop = SellerAccount.objects.get(public_id=demo["users"]["primary"]["seller"])
        self.stamp = datetime.now(UTC).strftime("%H%M%S")
        self.wrong = 0

    def run(self) -> int:
        """Run all steps; return the number of differences."""
        self.prepare()
        for number in range(ROUNDS):
            self.post(number)
        self.wait_and_compare()
        self.read_home()
        self.read_log()
        self.mend()
        return self.wrong

    def say(self, is_right: bool, sentence: str) -> None:
        self.wrong += not is_right
        print(f"{'ok     ' if is_right else 'WRONG  '} {sentence}")

    def prepare(self) -> None:
        from notifications.models import Address
        from notifications.recipients import preferences

        Address.objects.filter(account=self.shop, email__endswith=f"@{DOMAIN}").delete()
        for type_key, behaviours in TYPES.items():
            rows = [
                Address.objects.create(account=self.shop, email=f"{name}@{DOMAIN}", state="active")
                for name in behaviours
            ]
            version = preferences.load_all(self.shop)[type_key].version
            wish = preferences.PreferenceInput(
                email=True, addresses=tuple(row.pk for row in rows), seen_version=version
            )
            preferences.save(self.shop, {type_key: wish}, by=self.user)

    def post(self, number: int) -> None:
        from notifications.types.payloads.samples import SAMPLES

        events = [
            {
                "id": f"failures-{self.stamp}-{type_key}-{number}",
                "seller": self.shop.public_id,
                "type": type_key,
                "occurred_at": datetime.now(UTC).isoformat(),
                "data": SAMPLES[type_key],
            }
            for type_key in TYPES
        ]
        self.call("POST", f"{self.demo['site']}/api/v1/events", {"events": events})
        # Wait, so that the second is not being sent when the first is refused.
        time.sleep(8)

    def wait_and_compare(self) -> None:
        from notifications.models import Address

        expected = {f"{name}@{DOMAIN}": end for each in TYPES.values() for name, end in each.items()}

        def found() -> dict[str, tuple[str, str]]:
            rows = Address.objects.filter(account=self.shop, email__in=expected)
            return {row.email: (row.state, row.failure) for row in rows}

        self.wait(lambda: found() == expected)
        for email, end in found().items():
            told = " ".join(end).strip()
            self.say(end == expected[email], f"{email:<34} {told}")

    def read_home(self) -> None:
        """Compare: the home page shows every reason, in both languages."""
        from django.test import Client
        from django.utils import translation

        from notifications.address_health import explanations
        from notifications.models import Address

        causes = set(Address.objects.filter(account=self.shop).exclude(failure="").values_list("failure", flat=True))
        for language in ("ja", "en"):
            type(self.user).objects.filter(pk=self.user.pk).update(language=language)
            client = Client(headers={"host": "127.0.0.1"})
            client.force_login(self.user)
            page = client.get(f"/shops/{self.shop.public_id}/").content.decode()
            with translation.override(language):
                missing = [cause for cause in causes if explanations.reason(cause) not in page]
            self.say(not missing, f"home page in {language}: {len(causes)} reasons in words {missing or ''}")
        type(self.user).objects.filter(pk=self.user.pk).update(language="ja")

    def read_log(self) -> None:
        """Compare: the log has a sentence for each address of each notification."""
        from notifications.web import delivery_log, delivery_report

        for type_key, behaviours in TYPES.items():
            lines = delivery_log.page(self.shop, delivery_log.Search(type=type_key)).lines
            mine = [line for line in lines if line.notification.event_id.startswith(f"failures-{self.stamp}")]
            taken = delivery_report.of([line.notification for line in mine])
            sentences = [[road.sentence for road in taken[line.notification.pk]] for line in mine]
            full = [len(each) >= len(behaviours) and all(each) for each in sentences]
            self.say(len(mine) == ROUNDS and all(full), f"log of {type_key}: {sum(map(len, sentences))} sentences")

    def mend(self) -> None:
        """Replace the full address by another one; what was held must arrive there once."""
        from notifications import address_health
        from notifications.address_health.repair import replays
        from notifications.models import Address
        from notifications.types.enums import ReplayMode

        full = Address.objects.get(account=self.shop, email=f"full@{DOMAIN}")
        new = address_health.replace_everywhere(full, f"mended-{self.stamp}@{DOMAIN}", by=self.user)
        Address.objects.filter(pk=new.pk).update(state="active", confirmation_due_at=None)
        for _click in range(2):
            replays.begin(new, ReplayMode.ALL, by=self.user)

        def arrived() -> Counter[str]:
            mails = self.call("GET", f"{self.demo['sandbox']}/api/mail?to={new.email}")
            return Counter(mail["headers"]["X-SellerHub-Delivery"] for mail in mails)

        self.wait(lambda: len(arrived()) >= ROUNDS)
        time.sleep(3)
        count = sum(arrived().values())
        self.say(count == ROUNDS, f"{new.email}: {count} of {ROUNDS} held notifications arrived, asked for twice")

    def wait(self, is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT_SECONDS
        while not is_so() and time.monotonic() < end:
            time.sleep(1)

    def call(self, method: str, url: str, body: object = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 (our own address)
            url,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.demo['events_key']}"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return json.load(response)


if __name__ == "__main__":
    sys.exit(main())
