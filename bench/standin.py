"""Stand-in for `trailkeeper.demo.scaled`: the same shape, simpler lives."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

DAYS = 90
ACTIONS = ("CREATE", "UPDATE", "UPDATE", "DELETE", "LOGIN", "LOGIN", "LOGIN_FAILED", "DEPLOY")
RESOURCES = ("PROJECT", "MODEL", "ENDPOINT", "CLUSTER", "BENCHMARK")
AGENTS = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/142.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36",
    "trailkeeper-python/0.1",
)


def scaled(now: datetime, seed: int, people: int, events: int) -> Iterator[dict[str, Any]]:
    """`events` events of `people` people over the 90 days before `now`, in time order."""
    rng = random.Random(seed)
    users = [
        (str(uuid.UUID(int=rng.getrandbits(128))), f"person{n}@acme.io") for n in range(people)
    ]
    start = now - timedelta(days=DAYS)
    step = timedelta(days=DAYS) / events
    for number in range(events):
        at = start + step * (number + rng.random())
        user_id, email = users[int(people * rng.random() ** 1.5)]
        action = rng.choice(ACTIONS)
        yield _event(rng, at, user_id, email, action)


def _event(
    rng: random.Random, at: datetime, user_id: str, email: str, action: str
) -> dict[str, Any]:
    is_login = action.startswith("LOGIN")
    kind = "USER" if is_login else rng.choice(RESOURCES)
    resource = user_id if is_login else f"{kind.lower()}-{rng.randrange(4000):05d}"
    return {
        "action": action,
        "resource_type": kind,
        "resource_id": resource,
        "resource_name": email if is_login else f"{kind.title()} of team {rng.randrange(40)}",
        "user_id": user_id,
        "user_email": email,
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "ip_address": f"10.{rng.randrange(8)}.{rng.randrange(256)}.{rng.randrange(256)}",
        "user_agent": rng.choice(AGENTS),
        "status": "FAILED" if action == "LOGIN_FAILED" or rng.random() < 0.02 else "SUCCESS",
        "source": rng.choice(("UI", "API", "SDK")),
        "details": {"login_method": "email_password", "tenant_name": "Acme"}
        if is_login
        else {
            "changed_fields": ["replicas", "region"],
            "old_value": rng.randrange(10),
            "new_value": rng.randrange(10),
            "request_id": f"{rng.getrandbits(64):016x}",
        },
    }
