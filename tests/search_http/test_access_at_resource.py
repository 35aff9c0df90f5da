"""Who had access to a resource, when, and what changed it: the product text's case in one call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import msgspec
import pytest

from tests.engine import NOON, Service

PROJECT = "project-abc-123"
ALICE = "user-def-456"
PATH = f"/resources/PROJECT/{PROJECT}/access"
JSON = {"Content-Type": "application/json"}


def day(number: int, hour: int = 12) -> datetime:
    """A moment so many days after the first of the story, 30 days before now."""
    return NOON - timedelta(days=30 - number) + timedelta(hours=hour - 12)


@dataclass(frozen=True)
class Story:
    service: Service
    client: httpx2.AsyncClient

    async def record(self, moment: datetime, action: str, by: str, **fields: Any) -> str:
        """Records an event about the project (unless told) and returns its id."""
        event = {
            "id": f"{action}-{moment:%d%H%M}-{by}",
            "action": action,
            "resource_type": "PROJECT",
            "resource_id": PROJECT,
            "resource_name": "My AI Project",
            "user_id": by,
            "user_email": f"{by}@company.com",
            "timestamp": moment.isoformat(),
            **fields,
        }
        answer = await self.client.post(
            "/audit-logs/", content=msgspec.json.encode(event), headers=JSON
        )
        assert answer.status_code == 201, answer.text
        return str(event["id"])

    async def access(self, at: datetime | None = None, **asked: str) -> dict[str, Any]:
        if at is not None:
            asked["at"] = at.isoformat()
        answer = await self.client.get(PATH, params=asked)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
async def story(service: Service) -> AsyncIterator[Story]:
    service.clock.now = NOON - timedelta(days=60)
    _, token = await service.new_organization()
    service.clock.now = NOON
    async with service.client(token) as client:
        yield Story(service, client)


def held(found: dict[str, Any]) -> dict[str, Any]:
    return {each["subject"]: each["value"] for each in found["access"]}


async def test_a_user_cannot_access_a_project(story: Story) -> None:
    """The product text's Troubleshooting: "User reports they can't access a project"."""
    await story.record(day(1), "CREATE", "admin-789", details={"project_name": "My AI Project"})
    granted = await story.record(
        day(2),
        "UPDATE",
        "admin-789",
        details={
            "member": ALICE,
            "changed_fields": ["permission"],
            "old_value": "none",
            "new_value": "editor",
        },
    )
    await story.record(day(3), "VIEW", ALICE)
    revoked = await story.record(
        day(9),
        "UPDATE",
        "bob-42",
        ip_address="198.51.100.7",
        details={
            "member": ALICE,
            "changed_fields": ["permission"],
            "old_value": "editor",
            "new_value": "none",
        },
    )
    await story.record(day(10), "VIEW", ALICE, status="FAILED", details={"error": "forbidden"})

    now = await story.access(user_id=ALICE)
    assert now["exists"] is True
    assert now["access"] == []
    lost = now["lost_by"]
    assert lost["event"]["id"] == revoked
    assert (lost["kind"], lost["field"]) == ("revoked", "permission")
    assert (lost["old"], lost["new"]) == ("editor", None)
    assert lost["event"]["user_id"] == "bob-42"
    assert lost["event"]["user_email"] == "bob-42@company.com"
    assert datetime.fromisoformat(lost["event"]["timestamp"]) == day(9)
    assert [each["event"]["id"] for each in now["changes"]][:2] == [revoked, granted]
    assert now["log"]["is_complete"] is True

    before = await story.access(day(8), user_id=ALICE)
    assert held(before) == {ALICE: "editor"}
    assert before["access"][0]["event"]["id"] == granted
    assert before["lost_by"] is None
    assert before["next_change"]["event"]["id"] == revoked


async def test_the_project_was_deleted(story: Story) -> None:
    await story.record(day(1), "CREATE", "admin-789")
    await story.record(day(2), "GRANT", "admin-789", details={"user_id": ALICE, "role": "editor"})
    deleted = await story.record(day(5), "DELETE", "bob-42", details={"reason": "Not needed"})

    now = await story.access(user_id=ALICE)
    assert (now["exists"], now["access"]) == (False, [])
    assert (now["lost_by"]["kind"], now["lost_by"]["event"]["id"]) == ("ended", deleted)
    before = await story.access(day(4))
    assert (before["exists"], held(before)) == (True, {ALICE: "editor"})


async def test_a_role_change_of_the_user_themself_is_told_beside(story: Story) -> None:
    await story.record(day(1), "CREATE", "admin-789")
    await story.record(day(2), "GRANT", "admin-789", details={"user_id": ALICE, "role": "editor"})
    user = {"resource_type": "USER", "resource_id": ALICE, "resource_name": "Alice"}
    demoted = await story.record(
        day(3),
        "UPDATE",
        "admin-789",
        **user,
        details={"changed_fields": ["role"], "old_value": "ADMIN", "new_value": "TESTER"},
    )
    disabled = await story.record(day(6), "DISABLE", "bob-42", **user)

    before = await story.access(day(5), user_id=ALICE)
    assert before["account"]["role"]["value"] == "TESTER"
    assert before["account"]["role"]["event"]["id"] == demoted
    assert before["lost_by"] is None
    now = await story.access(user_id=ALICE)
    assert held(now) == {ALICE: "editor"}
    assert now["account"]["status"]["value"] == "disabled"
    assert now["lost_by"]["event"]["id"] == disabled


async def test_access_given_on_the_user_counts_too(story: Story) -> None:
    """As the demo's admins do it: an UPDATE of the USER that names the project."""
    await story.record(day(1), "CREATE", "admin-789")
    for number, (old, new) in enumerate((("none", "viewer"), ("viewer", "editor")), start=2):
        await story.record(
            day(number),
            "UPDATE",
            "admin-789",
            resource_type="USER",
            resource_id=ALICE,
            details={
                "changed_fields": ["project_access"],
                "old_value": old,
                "new_value": new,
                "project_id": PROJECT,
            },
        )
    assert held(await story.access(day(2))) == {ALICE: "viewer"}
    assert held(await story.access()) == {ALICE: "editor"}
    assert held(await story.access(day(1, 13))) == {}


async def test_by_e_mail_a_user_is_found_too(story: Story) -> None:
    await story.record(day(1), "CREATE", ALICE)
    await story.record(
        day(2), "SHARE", "admin-789", details={"email": f"{ALICE}@Company.com", "role": "viewer"}
    )
    await story.record(day(3), "SHARE", "admin-789", details={"email": "eve@x.example"})
    found = await story.access(user_id=ALICE)
    assert held(found) == {f"{ALICE}@Company.com": "viewer"}


@pytest.mark.parametrize(
    ("action", "details", "expected"),
    [
        ("ADD_MEMBER", {"member": "ann", "role": "viewer"}, {"ann": "viewer"}),
        ("GRANT_ACCESS", {"grantee": {"id": "ann"}}, {"ann": "granted"}),
        ("ASSIGN", {"user": ["ann", "bob"], "permission": "read"}, {"ann": "read", "bob": "read"}),
        (
            "UPDATE",
            {"changed_fields": ["members"], "old_value": ["bob"], "new_value": ["bob", "ann"]},
            {"ann": "member"},
        ),
        (
            "UPDATE",
            {
                "changed_fields": ["members", "name"],
                "old_value": {"members": {}, "name": "a"},
                "new_value": {"members": {"ann": "owner"}, "name": "b"},
            },
            {"ann": "owner"},
        ),
        (
            "UPDATE",
            {"changed_fields": ["owner"], "old_value": "bob", "new_value": "ann"},
            {"ann": "owner"},
        ),
        (
            "UPDATE",
            {"changed_fields": ["visibility"], "old_value": "public", "new_value": "private"},
            {"*": "private"},
        ),
        ("REMOVE_MEMBER", {"member": "ann"}, {}),
        ("UPDATE", {"changed_fields": ["description"], "old_value": "a", "new_value": "b"}, {}),
        ("UPDATE", {"anything": {"else": ["at", "all"]}}, {}),
    ],
    ids=str,
)
async def test_recognised_shapes(
    story: Story, action: str, details: dict[str, Any], expected: dict[str, Any]
) -> None:
    await story.record(day(1), action, "admin-789", details=details)
    assert held(await story.access()) == expected


async def test_permissions_add_up_and_are_taken_one_by_one(story: Story) -> None:
    for number, (action, permission) in enumerate(
        (("GRANT", "read"), ("GRANT", "write"), ("REVOKE", "read"), ("REVOKE", "write"))
    ):
        details = {"user_id": "ann", "permission": permission}
        await story.record(day(number), action, "admin-789", details=details)
    told = [held(await story.access(day(number))) for number in range(4)]
    assert told == [{"ann": "read"}, {"ann": ["read", "write"]}, {"ann": ["write"]}, {}]


async def test_a_failed_attempt_changes_nothing(story: Story) -> None:
    await story.record(day(1), "CREATE", "admin-789")
    await story.record(
        day(2), "GRANT", "eve", status="FAILED", details={"user_id": "eve", "role": "owner"}
    )
    assert held(await story.access()) == {}


async def test_what_the_first_change_says_was_before_is_told_as_such(story: Story) -> None:
    revoked = await story.record(
        day(9),
        "UPDATE",
        "bob-42",
        details={
            "member": ALICE,
            "changed_fields": ["role"],
            "old_value": "editor",
            "new_value": None,
        },
    )
    [fact] = (await story.access(day(3)))["access"]
    assert (fact["value"], fact["basis"], fact["event"]["id"]) == ("editor", "next_change", revoked)


async def test_before_the_log_reaches_back_it_says_so(story: Story) -> None:
    await story.record(day(1), "CREATE", "admin-789")
    found = await story.access(NOON - timedelta(days=80))
    assert found["log"]["is_complete"] is False
    assert "reaches back to 2026-01-03 only" in found["log"]["told"]


async def test_what_the_log_does_not_know_is_not_found(story: Story) -> None:
    answer = await story.client.get("/resources/PROJECT/none-such/access")
    assert answer.status_code == 404
    assert answer.json()["code"] == "RESOURCE_NOT_FOUND"
    await story.record(day(1), "CREATE", "admin-789")
    _, other = await story.service.new_organization()
    async with story.service.client(other) as stranger:
        assert (await stranger.get(PATH)).status_code == 404


@pytest.mark.parametrize("at", ["yesterday", "2025-01-15T14:30:00", "2099-01-01T00:00:00Z", ""])
async def test_a_moment_that_is_none_is_refused(story: Story, at: str) -> None:
    await story.record(day(1), "CREATE", "admin-789")
    answer = await story.client.get(PATH, params={"at": at})
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["field"]) == ("INVALID_DATE", "at")
