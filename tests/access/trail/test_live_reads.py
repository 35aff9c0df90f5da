"""Reads on record in a real server: an export that breaks off, and a stop right after a look."""

from __future__ import annotations

import time
from typing import Any

from tests.api.tenant import Tenant, event, opened
from tests.live import LiveServer

ROWS = 20_000
PATIENCE_SECONDS = 20.0


def recorded(tenant: Tenant, action: str, at_least: int) -> list[dict[str, Any]]:
    """The organization's events with this action, oldest first, once there are that many."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        asked = {"action": action, "order": "asc", "q": "user_id:api-key*"}
        found: list[dict[str, Any]] = tenant.search(**asked)["items"]
        if len(found) >= at_least:
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def test_an_export_that_breaks_off_is_on_record_as_such(tenant: Tenant) -> None:
    tenant.record([event(user_id="ann", details={"pad": "x" * 400}) for _ in range(ROWS)])
    with tenant.client.stream("GET", "/audit-logs/export", params={"format": "json"}) as answer:
        next(answer.iter_raw(1024))
    started, ended = recorded(tenant, "EXPORT", 2)
    assert started["details"]["phase"] == "started"
    assert (ended["details"]["phase"], ended["status"]) == ("cut_short", "FAILED")
    assert ended["details"]["started"] == started["id"]
    assert ended["details"]["rows"] < ROWS


def test_a_look_is_in_the_log_about_a_second_later(tenant: Tenant) -> None:
    tenant.get("/users/ann/activity")
    began = time.monotonic()
    [look] = recorded(tenant, "SEARCH", 1)[:1]
    assert time.monotonic() - began < 3
    assert (look["resource_type"], look["resource_id"]) == ("USER", "ann")


def test_a_stop_right_after_a_look_loses_no_record(own_server: LiveServer) -> None:
    own_server.start()
    with opened(own_server) as tenant:
        for _ in range(5):
            tenant.get("/users/ann/activity")
        assert own_server.stop() == 0
        own_server.start()
        looks = [each for each in recorded(tenant, "SEARCH", 2) if each["resource_id"] == "ann"]
    assert sum(each["details"].get("count", 1) for each in looks) == 5
