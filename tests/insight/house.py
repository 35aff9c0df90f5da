"""A service with one organization, what happens in it, and questions to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx2
import msgspec

from tests.engine import NOON, Service

JSON: Final = {"Content-Type": "application/json"}
Json = dict[str, Any]
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class House:
    """A service, one organization, and a client with a key that may do everything."""

    service: Service
    organization: str
    client: httpx2.AsyncClient

    async def record(self, *events: Json) -> None:
        content = msgspec.json.encode([{"id": uuid.uuid4().hex, **event} for event in events])
        answer = await self.client.post("/audit-logs/batch", content=content, headers=JSON)
        assert answer.json()["rejected"] == 0, answer.text
        await self.service.services.directory.catch_up()

    async def get(self, path: str, **parameters: Any) -> Json:
        answer = await self.client.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def refused(self, path: str, **parameters: Any) -> tuple[int, str]:
        answer = await self.client.get(path, params=parameters)
        return answer.status_code, answer.json()["code"]


def did(
    action: str, user: str | None, ago: timedelta = HOUR, kind: str = "PROJECT", **more: Any
) -> Json:
    event = {"action": action, "resource_type": kind, "timestamp": (NOON - ago).isoformat(), **more}
    return {**event, "user_id": user} if user else event


def signed_in(user: str, ago: timedelta = HOUR, **more: Any) -> Json:
    return did("LOGIN", user, ago, "USER", **more)
