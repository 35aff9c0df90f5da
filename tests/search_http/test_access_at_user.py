"""What a user could do at any moment, rebuilt from the events of real changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import msgspec
import pytest

from tests.access.trail.reading import own_events
from tests.engine import NOON, Service
from trailkeeper.access.key_changes import KeyPlan, issue_key, revoke_key, rotate_key
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.members import MemberStatus, add_member, create_person, set_role
from trailkeeper.access.people.roles import create_role, update_role
from trailkeeper.access.people.standing import delete_member, disable_member, enable_member
from trailkeeper.access.roles import BUILT_IN_ROLES, with_implied
from trailkeeper.access.trail import Requester
from trailkeeper.event import OrganizationId, Source
from trailkeeper.principal import Permission, Principal, Tenant, system_tenant

ROOT = Editor(Requester("root", "root@acme.example", "203.0.113.7", "Firefox", Source.UI))


@dataclass
class Story:
    """An organization 80 days old, whose clock is moved on from change to change."""

    service: Service
    organization: str
    client: httpx2.AsyncClient

    @property
    def tenant(self) -> Tenant:
        return system_tenant(OrganizationId(self.organization))

    def at(self, day: int) -> datetime:
        """Noon of a day of the story; day 80 is the last."""
        return NOON - timedelta(days=80 - day)

    async def add(self, day: int, role: str, user_id: str = "ann") -> None:
        now = self.at(day)
        async with self.service.services.metadata.transaction() as session:
            person = await create_person(session, f"{user_id}@acme.example", now=now)
            await add_member(
                session,
                self.tenant,
                user_id=user_id,
                editor=ROOT,
                now=now,
                status=MemberStatus.ACTIVE,
                email=f"{user_id}@acme.example",
                role=role,
                person=person.id,
            )

    async def role(self, day: int, role: str) -> None:
        async with self.service.services.metadata.transaction() as session:
            await set_role(session, self.tenant, "ann", role, editor=ROOT, now=self.at(day))

    async def access(self, day: int | None = None, user_id: str = "ann") -> dict[str, Any]:
        await own_events(self.service, self.organization)
        asked = {} if day is None else {"at": (self.at(day) + timedelta(hours=1)).isoformat()}
        answer = await self.client.get(f"/users/{user_id}/access", params=asked)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
async def story(service: Service) -> AsyncIterator[Story]:
    service.clock.now = NOON - timedelta(days=80)
    organization, token = await service.new_organization()
    service.clock.now = NOON + timedelta(hours=2)
    async with service.client(token) as client:
        yield Story(service, organization, client)


async def test_the_role_at_any_moment_with_the_event_that_led_there(story: Story) -> None:
    await story.add(2, "DEVELOPER")
    await story.role(20, "ADMIN")
    await story.role(40, "TESTER")

    for day, role in ((3, "DEVELOPER"), (20, "ADMIN"), (39, "ADMIN"), (60, "TESTER")):
        found = await story.access(day)
        assert (found["role"]["value"], found["role"]["basis"]) == (role, "event")
        held = sorted(with_implied(BUILT_IN_ROLES[role]))
        assert found["permissions"]["value"] == held
    admin = await story.access(39)
    event = admin["role"]["event"]
    assert (event["action"], event["user_id"]) == ("UPDATE", "root")
    assert event["user_email"] == "root@acme.example"
    assert datetime.fromisoformat(event["timestamp"]) == story.at(20)
    assert (admin["next_change"]["old"], admin["next_change"]["new"]) == ("ADMIN", "TESTER")
    told = [(each["field"], each["new"]) for each in admin["changes"]]
    assert told[0] == ("role", "ADMIN")
    assert ("status", "active") in told


async def test_before_they_were_added_they_had_nothing(story: Story) -> None:
    await story.add(20, "ADMIN")
    found = await story.access(10)
    assert (found["role"]["value"], found["role"]["basis"]) == (None, "next_change")
    assert found["status"]["value"] is None
    assert found["log"]["is_complete"] is True


async def test_an_own_roles_permissions_are_those_of_the_moment(story: Story) -> None:
    view, manage = Permission.SETTINGS_VIEW, Permission.USER_MANAGE
    async with story.service.services.metadata.transaction() as session:
        await create_role(session, story.tenant, "AUDITOR", [view], editor=ROOT, now=story.at(1))
    await story.add(2, "AUDITOR")
    async with story.service.services.metadata.transaction() as session:
        await update_role(
            session, story.tenant, "AUDITOR", permissions=[manage], editor=ROOT, now=story.at(30)
        )
    before, after = await story.access(29), await story.access(31)
    assert before["permissions"]["value"] == [view]
    assert after["permissions"]["value"] == ["user:manage", "user:view"]
    assert after["permissions"]["event"]["resource_type"] == "ROLE"


async def test_disabled_enabled_deleted(story: Story) -> None:
    await story.add(2, "DEVELOPER")
    tenant = story.tenant
    async with story.service.services.metadata.transaction() as session:
        await disable_member(session, tenant, "ann", editor=ROOT, now=story.at(10))
    async with story.service.services.metadata.transaction() as session:
        await enable_member(session, tenant, "ann", editor=ROOT, now=story.at(20))
    async with story.service.services.metadata.transaction() as session:
        await delete_member(session, tenant, "ann", editor=ROOT, now=story.at(30))
    told = [(await story.access(day))["status"]["value"] for day in (5, 15, 25, 35)]
    assert told == ["active", "disabled", "active", "deleted"]


async def test_keys_that_they_had_made(story: Story) -> None:
    await story.add(2, "DEVOPS")
    tenant, metadata = story.tenant, story.service.services.metadata
    hasher = story.service.services.keys.hasher
    ann = Editor(
        Requester("ann", "ann@acme.example", source=Source.UI),
        Principal(tenant.organization, None, "Ann", BUILT_IN_ROLES["DEVOPS"], user_id="ann"),
    )
    plan = KeyPlan("sender", [Permission.EVENT_WRITE])
    async with metadata.transaction() as session:
        first = (await issue_key(session, hasher, tenant, ann, plan, story.at(10))).key
        await issue_key(session, hasher, tenant, ROOT, plan, story.at(10))
    async with metadata.transaction() as session:
        overlap = timedelta(days=5)
        second = (
            await rotate_key(session, hasher, tenant, ann, first.id, story.at(20), overlap=overlap)
        ).key
    async with metadata.transaction() as session:
        await revoke_key(session, tenant, ROOT, second.id, story.at(40))

    async def keys(day: int) -> dict[str, str]:
        return {each["id"]: each["status"] for each in (await story.access(day))["keys"]}

    assert await keys(9) == {}
    assert await keys(11) == {first.id: "active"}
    assert await keys(21) == {first.id: "active", second.id: "active"}
    assert await keys(26) == {first.id: "expired", second.id: "active"}
    assert await keys(41) == {first.id: "expired", second.id: "revoked"}
    revoked = (await story.access(41))["keys"][1]
    assert revoked["permissions"] == ["event:write"]
    assert revoked["last_change"]["user_id"] == "root"


async def test_a_platforms_own_words_are_understood(story: Story) -> None:
    """The product text's UPDATE example."""
    event = {
        "action": "UPDATE",
        "resource_type": "USER",
        "resource_id": "user-def-456",
        "user_id": "admin-789",
        "user_email": "admin@company.com",
        "timestamp": story.at(30).isoformat(),
        "details": {"changed_fields": ["role"], "old_value": "DEVELOPER", "new_value": "ADMIN"},
    }
    json = {"Content-Type": "application/json"}
    content = msgspec.json.encode(event)
    answer = await story.client.post("/audit-logs/", content=content, headers=json)
    assert answer.status_code == 201
    after = await story.access(31, "user-def-456")
    assert (after["role"]["value"], after["role"]["event"]["user_id"]) == ("ADMIN", "admin-789")
    before = await story.access(29, "user-def-456")
    assert (before["role"]["value"], before["role"]["basis"]) == ("DEVELOPER", "next_change")
    assert before["status"] is None


async def test_what_never_changed_is_what_it_is_now_as_far_as_the_log_reaches(
    story: Story,
) -> None:
    await story.add(2, "DEVELOPER")
    await own_events(story.service, story.organization)
    # As if retention had let go of what was said of the beginning.
    story.service.clock.advance(timedelta(days=100))
    await story.service.services.retention.run(story.tenant)
    assert not await _events_about_ann(story)
    found = await story.access(175)
    assert (found["role"]["value"], found["role"]["basis"]) == ("DEVELOPER", "present")
    assert found["log"]["is_complete"] is True
    earlier = await story.access(10)
    assert earlier["role"] is None
    assert earlier["log"]["is_complete"] is False
    assert "let go" in earlier["log"]["told"]


async def _events_about_ann(story: Story) -> list[dict[str, Any]]:
    found = await own_events(story.service, story.organization)
    return [each for each in found if each["resource_id"] == "ann" and each["action"] != "VIEW"]


async def test_nobody_is_not_found_and_others_users_neither(story: Story) -> None:
    assert (await story.client.get("/users/nobody/access")).status_code == 404
    await story.add(2, "DEVELOPER")
    _, other = await story.service.new_organization()
    async with story.service.client(other) as stranger:
        answer = await stranger.get("/users/ann/access")
    assert (answer.status_code, answer.json()["code"]) == (404, "USER_NOT_FOUND")


async def test_looking_is_on_record(story: Story) -> None:
    await story.add(2, "DEVELOPER")
    await story.access(3)
    [event] = await own_events(story.service, story.organization, "VIEW")
    assert (event["resource_type"], event["resource_id"]) == ("USER", "ann")
    assert event["details"]["of"] == "access"
    assert event["details"]["subjects"] == ["ann"]
