"""What goes wrong on purpose.

`POST /api/line/faults` takes JSON and lays it over what is set; `DELETE` puts everything right again.

| key | meaning |
|---|---|
| `fail` | `{"push": {"status": 500, "times": 2, "accepted": true}}`: the next calls of this endpoint fail; `accepted`: the message arrives all the same |
| `delay_ms` | `{"push": 50}`: answers come late |
| `monthly_quota`, `consumed` | how many messages a month, and how many are used |
| `webhooks` | `{"duplicate": true}` each event twice; `{"drop": true}` none; `{"hold": true}` keep them until `POST /api/line/webhooks/release` (`{"reversed": true}` turns them round) |
| `omit_friendship_change` | the callback does not say that the friendship changed |
| `wrong_state` | the callback brings another state, as an automatic sign-in in another browser does |
| `revoke_channel_tokens` | the tokens issued so far answer 401 (at once, not kept) |

Endpoints: push, reply, linkToken, token, verify, friendship, deauthorize, channel_token, profile, quota, info.
"""  # noqa: E501  (a table)

import threading
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Failure:
    status: int
    times: int
    accepted: bool = False


@dataclass
class Faults:
    delay_ms: dict[str, float] = field(default_factory=dict)
    fail: dict[str, Failure] = field(default_factory=dict)
    monthly_quota: int | None = None
    consumed: int = 0
    webhooks: dict[str, bool] = field(default_factory=dict)
    omit_friendship_change: bool = False
    wrong_state: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def lay_over(self, wanted: dict[str, Any]) -> None:
        """Raises ValueError or TypeError for what makes no sense."""
        with self._lock:
            for endpoint, failure in wanted.get("fail", {}).items():
                self.fail[endpoint] = Failure(
                    int(failure["status"]), int(failure.get("times", 1)), bool(failure.get("accepted"))
                )
            self.delay_ms |= {name: float(value) for name, value in wanted.get("delay_ms", {}).items()}
            self.webhooks |= {name: bool(value) for name, value in wanted.get("webhooks", {}).items()}
            for name in ("monthly_quota", "consumed", "omit_friendship_change", "wrong_state"):
                if name in wanted:
                    setattr(self, name, wanted[name])

    def clear(self) -> None:
        with self._lock:
            fresh = Faults()
            for name in ("delay_ms", "fail", "monthly_quota", "consumed", "webhooks"):
                setattr(self, name, getattr(fresh, name))
            self.omit_friendship_change = self.wrong_state = False

    def next_failure(self, endpoint: str) -> Failure | None:
        """Wait as long as the endpoint is to be slow; then the failure that this call meets, if any."""
        if delay := self.delay_ms.get(endpoint):
            time.sleep(min(delay, 30_000) / 1000)
        with self._lock:
            failure = self.fail.get(endpoint)
            if failure is None or failure.times <= 0:
                return None
            failure.times -= 1
            return failure

    def as_json(self) -> dict[str, Any]:
        return {
            "fail": {name: vars(failure) for name, failure in self.fail.items()},
            "delay_ms": self.delay_ms,
            "monthly_quota": self.monthly_quota,
            "consumed": self.consumed,
            "webhooks": self.webhooks,
            "omit_friendship_change": self.omit_friendship_change,
            "wrong_state": self.wrong_state,
        }
