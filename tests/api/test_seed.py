"""The product text's five events and its programs, run as written against a live server.

Only the base URL and the key are put in. `seed.md` holds the text's code blocks verbatim.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.api.tenant import Json, Tenant, event
from tests.live import LiveServer

SEED = (Path(__file__).parent / "seed.md").read_text()
BASE_URL = "https://api.bud.studio"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", SEED, re.DOTALL)


EVENTS: list[Json] = [json.loads(block) for block in blocks("json")]
LIST_LOGINS, RECENT, OF_USER, OF_RESOURCE = blocks("python")


@pytest.fixture
def run(live_server: LiveServer, tenant: Tenant) -> Any:
    """Runs the text's programs in one namespace, as a reader would in one session."""
    names: dict[str, Any] = {"api_key": tenant.token}

    def run_block(block: str) -> dict[str, Any]:
        assert BASE_URL in block
        exec(compile(block.replace(BASE_URL, live_server.url), "seed.md", "exec"), names)
        return names

    return run_block


def record_all(tenant: Tenant) -> list[Json]:
    """The five events, one request each, as a sender would."""
    receipts = []
    for each in EVENTS:
        answer = tenant.client.post("/audit-logs/", json=each)
        assert answer.status_code == 201, answer.text
        receipts.append(answer.json())
    return receipts


def test_the_text_has_five_events_and_four_programs() -> None:
    assert [each["action"] for each in EVENTS] == [
        "CREATE", "UPDATE", "DELETE", "LOGIN", "LOGIN_FAILED",
    ]  # fmt: skip
    assert len(blocks("python")) == 4


def test_each_event_is_recorded_and_comes_back_as_sent(tenant: Tenant) -> None:
    receipts = record_all(tenant)
    for sent, receipt in zip(EVENTS, receipts, strict=True):
        assert receipt["status"] == "committed"
        shown = tenant.get(f"/audit-logs/{receipt['id']}")
        assert {name: shown[name] for name in sent} == sent
    shown = {each["action"]: each for each in tenant.search()["items"]}
    assert {name: each["status"] for name, each in shown.items()} == {
        "CREATE": "SUCCESS",
        "UPDATE": "SUCCESS",
        "DELETE": "SUCCESS",
        "LOGIN": "SUCCESS",
        "LOGIN_FAILED": "FAILED",
    }
    assert shown["LOGIN"]["enrich"]["os"].startswith("Mac OS X")


def test_api_access_program(run: Any, tenant: Tenant) -> None:
    record_all(tenant)
    on_the_last_day = event(timestamp="2025-01-31T23:59:59.999999Z")
    tenant.record([on_the_last_day, event(timestamp="2025-02-01T00:00:00Z")])
    logs = run(LIST_LOGINS)["logs"]
    assert logs["total"] == 2
    assert [each["timestamp"] for each in logs["items"]] == [
        on_the_last_day["timestamp"],
        "2025-01-15T09:00:00Z",
    ]
    assert {"items", "total", "next_cursor"} <= set(logs)


def test_recent_activity_program(
    run: Any, tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    record_all(tenant)
    logs = run(RECENT)["logs"]
    assert logs["total"] == 1
    assert capsys.readouterr().out == "2025-01-15T09:00:00Z: charlie@company.com - LOGIN\n"


def test_user_activity_program(run: Any, tenant: Tenant) -> None:
    record_all(tenant)
    own = [event(user_id="user-abc-123") for _ in range(60)]
    tenant.record(own)
    run(RECENT)
    activity = run(OF_USER)["user_activity"]
    assert activity["total"] == 60
    assert len(activity["items"]) == 50
    assert {each["user_id"] for each in activity["items"]} == {"user-abc-123"}


def test_resource_program(run: Any, tenant: Tenant) -> None:
    record_all(tenant)
    wanted = event(action="UPDATE", resource_type="PROJECT", resource_id="project-xyz-789")
    others = [
        event(resource_type="PROJECT", resource_id="project-xyz"),
        event(resource_type="MODEL", resource_id="project-xyz-789"),
    ]
    tenant.record([wanted, *others])
    run(RECENT)
    activity = run(OF_RESOURCE)["project_activity"]
    assert [each["id"] for each in activity["items"]] == [wanted["id"]]
    assert activity["total"] == 1
