"""What goes wrong on purpose.

`POST /api/line/faults` takes JSON and lays it over what is set, `GET` shows it, `DELETE` puts everything right.

| key | meaning |
|---|---|
| `fail` | `{"push": {"status": 500, "times": 2}}`: the next calls of this endpoint fail |
| … `status` | any; 0: the connection ends without an answer |
| … `accepted` | true: the message arrives all the same, and its retry key is remembered |
| … `retry_after` | seconds for a `Retry-After` header |
| `delay_ms` | `{"push": 50}`: answers come late, or when all is put right |
| `monthly_quota`, `consumed` | how many messages a month (null: any number), and how many are used |
| `webhooks.duplicate` | each event is sent twice |
| `webhooks.drop` | none is sent |
| `webhooks.hold` | all are kept until `POST /api/line/webhooks/release` (`{"reversed": true}` turns them round) |
| `webhooks.reorder` | a number: so many are kept until they are together, then sent the last one first |
| `webhooks.bad_signature` | they are signed with another secret |
| `omit_friendship_change` | the callback does not say that the friendship changed |
| `wrong_state` | the callback brings another state, as an automatic sign-in in another browser does |
| `revoke_channel_tokens` | the channel tokens issued so far answer 401 (at once, not kept) |

Endpoints: push, multicast, reply, linkToken, token, verify, friendship, deauthorize, channel_token, profile,
quota, info, webhook, validate. `{"fail": {"endpoint": "push", "status": 500, "times": 3}}` means the same.
"""

import threading
from dataclasses import dataclass, field, fields
from typing import Any

ENDPOINTS = {
    *("push", "multicast", "reply", "linkToken", "token", "verify", "friendship", "deauthorize"),
    *("channel_token", "profile", "quota", "info", "webhook", "validate"),
}
MAX_DELAY_MS = 30_000


@dataclass
class Failure:
    status: int
    times: int
    accepted: bool = False
    retry_after: int | None = None

    @classmethod
    def of(cls, wanted: dict[str, Any]) -> "Failure":
        """Raises ValueError or TypeError for what makes no sense."""
        retry_after = wanted.get("retry_after")
        return cls(
            int(wanted["status"]),
            int(wanted.get("times", 1)),
            bool(wanted.get("accepted")),
            None if retry_after is None else int(retry_after),
        )


@dataclass
class Faults:
    delay_ms: dict[str, float] = field(default_factory=dict)
    fail: dict[str, Failure] = field(default_factory=dict)
    monthly_quota: int | None = None
    consumed: int = 0
    webhooks: dict[str, int] = field(default_factory=dict)
    omit_friendship_change: bool = False
    wrong_state: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _put_right: threading.Event = field(default_factory=threading.Event, repr=False)
    _held_up: int = 0

    def lay_over(self, wanted: dict[str, Any]) -> None:
        """Raises LookupError, ValueError or TypeError for what makes no sense, and then changes nothing."""
        known = {one.name for one in fields(self) if not one.name.startswith("_")}
        if unknown := wanted.keys() - known:
            raise ValueError(f"there is no {', '.join(sorted(unknown))}")
        fail = wanted.get("fail", {})
        fail = {fail["endpoint"]: fail} if "endpoint" in fail else fail
        failures = {_endpoint(name): Failure.of(one) for name, one in fail.items()}
        delays = {_endpoint(name): float(value) for name, value in wanted.get("delay_ms", {}).items()}
        webhooks = {name: int(value) for name, value in wanted.get("webhooks", {}).items()}
        with self._lock:
            self.fail |= failures
            self.delay_ms |= delays
            self.webhooks |= webhooks
            for name in ("monthly_quota", "consumed", "omit_friendship_change", "wrong_state"):
                if name in wanted:
                    setattr(self, name, wanted[name])

    def clear(self) -> None:
        """Put everything right, also for the calls that are held up."""
        with self._lock:
            self._put_right.set()
            self._put_right = threading.Event()
            fresh = Faults()
            for one in fields(self):
                if not one.name.startswith("_"):
                    setattr(self, one.name, getattr(fresh, one.name))

    def next_failure(self, endpoint: str) -> Failure | None:
        """Wait as long as the endpoint is to be slow; then the failure that this call meets, if any."""
        if delay := self.delay_ms.get(endpoint):
            self._hold_up(min(delay, MAX_DELAY_MS) / 1000)
        if not self.fail:
            return None
        with self._lock:
            failure = self.fail.get(endpoint)
            if failure is None:
                return None
            failure.times -= 1
            if failure.times <= 0:
                del self.fail[endpoint]
            return failure

    @property
    def held_up(self) -> int:
        """How many calls are being kept waiting; for tests."""
        return self._held_up

    def _hold_up(self, seconds: float) -> None:
        with self._lock:
            self._held_up += 1
            put_right = self._put_right
        put_right.wait(seconds)
        with self._lock:
            self._held_up -= 1

    def as_json(self) -> dict[str, Any]:
        with self._lock:
            shown = {one.name: getattr(self, one.name) for one in fields(self) if not one.name.startswith("_")}
            return {**shown, "fail": {name: dict(vars(failure)) for name, failure in self.fail.items()}}


def _endpoint(name: str) -> str:
    if name not in ENDPOINTS:
        raise ValueError(f"there is no endpoint {name}")
    return name
