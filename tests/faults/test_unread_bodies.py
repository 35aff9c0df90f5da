"""A refusal before the body's end reaches its sender, and so does the next request's answer."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.live import LiveServer

ROUNDS = 40
LARGE: dict[str, Any] = {"content": b"[" + b" " * 1_000_000 + b"]"}
REFUSALS: list[tuple[str, dict[str, str], int, str]] = [
    ("/audit-logs/", {"Content-Type": "application/json"}, 413, "EVENT_TOO_LARGE"),
    ("/audit-logs/batch", {"Content-Type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
    ("/audit-logs/batch", {"Authorization": "Bearer tk_0_0"}, 401, "INVALID_KEY"),
]


@pytest.mark.parametrize(("path", "headers", "status", "code"), REFUSALS)
def test_the_connection_can_be_trusted(
    live_server: LiveServer, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    with live_server.client() as client:
        for _ in range(ROUNDS):
            refused = client.post(path, headers=headers, **LARGE)
            assert refused.status_code == status, refused.text
            assert refused.json()["code"] == code
            assert refused.headers["connection"] == "close"
            assert client.get("/healthz").status_code == 200


def test_a_connection_whose_requests_were_read_stays_open(live_server: LiveServer) -> None:
    event = {"action": "LOGIN", "resource_type": "USER"}
    with live_server.client() as client:
        answers: list[httpx2.Response] = [
            client.post("/audit-logs/", json=event),
            client.post("/audit-logs/", json={**event, "status": "MAYBE"}),
            client.get("/audit-logs/", params={"limit": "1"}),
        ]
    assert [answer.status_code for answer in answers] == [201, 422, 200]
    assert not [answer for answer in answers if "close" in answer.headers.get("connection", "")]
