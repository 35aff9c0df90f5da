"""Who looked at a user's activity: everyone may know it of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import pytest

from tests.access.trail.reading import own_events
from tests.api.people import add_person, sign_in
from tests.engine import NOON, Service
from trailkeeper.access.keys import create_key
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, system_tenant

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Log:
    service: Service
    organization: str
    client: httpx2.AsyncClient

    async def look(self, path: str, parameters: Any = None, token: str | None = None) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        answer = await self.client.get(path, params=parameters, headers=headers)
        assert answer.status_code == 200, answer.text

    async def viewers(self, user_id: str = "ann", **asked: int) -> list[dict[str, Any]]:
        await own_events(self.service, self.organization)
        answer = await self.client.get(f"/users/{user_id}/viewers", params=asked)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def new_key(self) -> tuple[str, str]:
        """The actor and the token of one more key."""
        async with self.service.services.metadata.transaction() as session:
            issued = await create_key(
                session,
                self.service.services.keys.hasher,
                system_tenant(OrganizationId(self.organization)),
                "auditor",
                list(Permission),
                now=self.service.clock(),
            )
        return f"api-key:{issued.key.id}", issued.token


@pytest.fixture
async def log(service: Service) -> AsyncIterator[Log]:
    organization, token = await service.new_organization()
    events = [
        {
            "id": f"e-{user}",
            "action": "LOGIN",
            "resource_type": "USER",
            "user_id": user,
            "user_email": f"{user}@Acme.example",
            "timestamp": NOON.isoformat(),
        }
        for user in ("ann", "bob")
    ]
    async with service.client(token) as client:
        content = msgspec.json.encode(events)
        await client.post("/audit-logs/batch", content=content, headers=JSON)
        yield Log(service, organization, client)


async def test_nobody_looked(log: Log) -> None:
    assert await log.viewers() == []


async def test_searches_views_and_exports_are_counted_by_reader(log: Log) -> None:
    for _ in range(3):
        await log.look("/users/ann/activity")
    await log.look("/audit-logs/", {"user_email": "ANN@acme.example"})
    await log.look("/audit-logs/e-ann")
    await log.look("/audit-logs/export", {"user_id": "ann"})
    actor, token = await log.new_key()
    log.service.clock.advance(timedelta(hours=1))
    await log.look("/audit-logs/", {"q": "user:ann OR user:bob"}, token)

    later, first = await log.viewers()
    assert (later["user_id"], later["looks"], later["searches"]) == (actor, 1, 1)
    told = (first["searches"], first["views"], first["exports"], first["looks"])
    assert told == (4, 1, 1, 6)
    assert first["first_at"].startswith("2026-03-04T12:00:00")
    assert later["last_at"].startswith("2026-03-04T13:00:00")
    assert not first["is_self"]


async def test_looks_at_others_and_at_the_whole_log_are_not_counted(log: Log) -> None:
    await log.look("/users/bob/activity")
    await log.look("/audit-logs/")
    await log.look("/audit-logs/e-bob")
    await log.look("/audit-logs/", {"q": "-user_id:ann"})
    assert await log.viewers() == []


async def test_asking_who_looked_is_a_look_too(log: Log) -> None:
    await log.viewers()
    log.service.clock.advance(timedelta(minutes=2))
    [viewer] = await log.viewers()
    assert (viewer["views"], viewer["looks"]) == (1, 1)


async def test_only_the_asked_days_count(log: Log) -> None:
    await log.look("/users/ann/activity")
    log.service.clock.advance(timedelta(days=20))
    assert len(await log.viewers(days=30)) == 1
    found = await log.viewers(days=10)
    assert [each["views"] for each in found] == [1]


async def test_a_key_is_nobody_and_has_no_viewers_of_its_own(log: Log) -> None:
    answer = await log.client.get("/me/viewers")
    assert (answer.status_code, answer.json()["code"]) == (403, "PERSON_NEEDED")


async def test_everyone_sees_who_looked_at_them_and_at_nobody_else(log: Log) -> None:
    ann = await add_person(log.service, log.organization, "ann", "TESTER")
    headers = await sign_in(log.service, ann)
    await log.look("/users/ann/activity")
    await log.look("/users/bob/activity")
    async with log.service.client("") as client:
        client.headers.pop("Authorization")
        assert (await client.get("/users/ann/activity", headers=headers)).status_code == 200
        await own_events(log.service, log.organization)
        mine = (await client.get("/me/viewers", headers=headers)).json()["items"]
        same = await client.get("/users/ann/viewers", headers=headers)
        others = await client.get("/users/bob/viewers", headers=headers)
    told = {each["user_id"].partition(":")[0]: each["is_self"] for each in mine}
    assert told == {"ann": True, "api-key": False}
    assert same.status_code == 200
    assert (others.status_code, others.json()["code"]) == (403, "PERMISSION_MISSING")
