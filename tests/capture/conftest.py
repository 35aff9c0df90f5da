"""An organization of the live server for one test, and how to send to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import msgspec
import pytest

from tests.live import LiveServer
from tests.orgs import new_organization

NDJSON = "application/x-ndjson"
JSON = "application/json"


@dataclass(frozen=True)
class Sender:
    """A client with the key of an organization that nobody else uses."""

    organization: str
    client: httpx2.Client

    def event(self, content: object, **headers: str) -> httpx2.Response:
        return self._post("/audit-logs/", content, headers)

    def batch(self, content: object, **headers: str) -> httpx2.Response:
        return self._post("/audit-logs/batch", content, headers)

    def stored(self, **filters: Any) -> list[dict[str, Any]]:
        """The organization's events in the order of their commits, but for what the service
        records of its keys' own doings (looks, refusals)."""
        answer = self.client.get(
            "/audit-logs/", params={"order": "committed", "limit": 1000, **filters}
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return [each for each in items if not (each["user_id"] or "").startswith("api-key:")]

    def _post(self, path: str, content: object, headers: dict[str, str]) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = content if isinstance(content, bytes) else msgspec.json.encode(content)
        return self.client.post(path, content=body, headers={"Content-Type": JSON, **named})


@pytest.fixture
def sender(live_server: LiveServer) -> Iterator[Sender]:
    organization, token = new_organization(live_server)
    with live_server.client(token) as client:
        yield Sender(organization, client)


def problem(answer: httpx2.Response) -> tuple[int, str, str | None]:
    """Status, code and field of a refusal."""
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == answer.status_code
    assert document["detail"]
    return answer.status_code, document["code"], document.get("field")
