"""`Idempotency-Key`: a whole request sent again names the same events, for a day."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.engine import NOON, Service, count
from trailkeeper.capture.idempotency import KEY_LIFETIME, first_use, forget_expired_keys
from trailkeeper.capture.tables import IdempotencyKeyRow
from trailkeeper.errors import BadRequest, Conflict
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.store.metadata import Metadata

ACME = system_tenant(OrganizationId("acme"))
OTHER = system_tenant(OrganizationId("other"))
TICK = timedelta(microseconds=1)
BATCH = (
    b'{"action":"LOGIN","resource_type":"USER"}\n'
    b'{"action":"bad action","resource_type":"USER"}\n'
    b'{"action":"LOGIN","resource_type":"USER","id":"mine"}\n'
    b'{"action":"LOGIN","resource_type":"USER"}\n'
)
LINES = {"Content-Type": "application/x-ndjson"}


async def keys(metadata: Metadata) -> int:
    async with metadata.reading() as session:
        return await session.scalar(select(func.count()).select_from(IdempotencyKeyRow)) or 0


async def test_a_key_remembers_its_first_use(metadata: Metadata) -> None:
    later = NOON + timedelta(hours=3)

    assert await first_use(metadata, ACME, "k", b"body", NOON) == NOON
    assert await first_use(metadata, ACME, "k", b"body", later) == NOON
    assert await first_use(metadata, ACME, "l", b"body", later) == later
    assert await first_use(metadata, OTHER, "k", b"another body", later) == later


async def test_a_key_with_another_body_is_a_conflict(metadata: Metadata) -> None:
    await first_use(metadata, ACME, "k", b"body", NOON)

    with pytest.raises(Conflict) as refused:
        await first_use(metadata, ACME, "k", b"Body", NOON)
    assert (refused.value.code, refused.value.field) == (
        "IDEMPOTENCY_KEY_REUSED",
        "Idempotency-Key",
    )


async def test_a_key_expires_after_a_day(metadata: Metadata) -> None:
    await first_use(metadata, ACME, "k", b"body", NOON)
    expired = NOON + KEY_LIFETIME

    assert await first_use(metadata, ACME, "k", b"body", expired - TICK) == NOON
    assert await first_use(metadata, ACME, "k", b"another body", expired) == expired
    with pytest.raises(Conflict):
        await first_use(metadata, ACME, "k", b"body", expired)


async def test_a_key_used_by_many_at_once_has_one_first_use(metadata: Metadata) -> None:
    async def use(number: int) -> object:
        return await first_use(metadata, ACME, "k", b"body", NOON + number * TICK)

    assert len(set(await asyncio.gather(*map(use, range(10))))) == 1
    assert await keys(metadata) == 1


async def test_an_expired_key_used_by_many_at_once_has_one_first_use(metadata: Metadata) -> None:
    await first_use(metadata, ACME, "k", b"body", NOON)
    expired = NOON + KEY_LIFETIME

    async def use(number: int) -> object:
        return await first_use(metadata, ACME, "k", b"body", expired + number * TICK)

    assert len(set(await asyncio.gather(*map(use, range(10))))) == 1
    assert await keys(metadata) == 1


async def test_of_many_bodies_under_one_key_at_once_one_is_taken(metadata: Metadata) -> None:
    async def use(number: int) -> bool:
        try:
            await first_use(metadata, ACME, "k", b"%d" % number, NOON)
        except Conflict:
            return False
        return True

    assert sum(await asyncio.gather(*map(use, range(8)))) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb", "a\0b"])
async def test_a_key_that_cannot_be_kept_is_refused(metadata: Metadata, key: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await first_use(metadata, ACME, key, b"body", NOON)
    assert refused.value.code == "INVALID_IDEMPOTENCY_KEY"


async def test_expired_keys_are_forgotten(metadata: Metadata) -> None:
    await first_use(metadata, ACME, "old", b"body", NOON)
    await first_use(metadata, ACME, "new", b"body", NOON + timedelta(hours=2))

    await forget_expired_keys(metadata, NOON + KEY_LIFETIME + timedelta(hours=1))
    assert await keys(metadata) == 1


async def test_a_batch_sent_again_is_answered_with_the_same_receipts(service: Service) -> None:
    _, token = await service.new_organization()
    headers = {**LINES, "Idempotency-Key": "k"}
    async with service.client(token) as client:
        first = (await client.post("/audit-logs/batch", content=BATCH, headers=headers)).json()
        service.clock.advance(timedelta(hours=23))
        again = (await client.post("/audit-logs/batch", content=BATCH, headers=headers)).json()

    assert [first[name] for name in ("committed", "duplicate", "rejected")] == [3, 0, 1]
    assert [again[name] for name in ("committed", "duplicate", "rejected")] == [0, 3, 1]
    for before, after in zip(first["results"], again["results"], strict=True):
        assert {**after, "status": before["status"]} == before
    assert uuid.UUID(first["results"][0]["id"]).version == 8
    assert first["results"][2]["id"] == "mine"
    assert await count(service.services.engine) == 3


async def test_a_key_used_again_after_a_day_names_new_events(service: Service) -> None:
    _, token = await service.new_organization()
    event = {"action": "LOGIN", "resource_type": "USER"}
    headers = {"Idempotency-Key": "k"}
    async with service.client(token) as client:
        first = await client.post("/audit-logs/", json=event, headers=headers)
        service.clock.advance(timedelta(hours=24) - TICK)
        same = await client.post("/audit-logs/", json=event, headers=headers)
        service.clock.advance(TICK)
        new = await client.post("/audit-logs/", json=event, headers=headers)

    assert [answer.status_code for answer in (first, same, new)] == [201, 200, 201]
    assert same.json() == {**first.json(), "status": "duplicate"}
    assert new.json()["id"] != first.json()["id"]


async def test_requests_with_one_key_at_once_are_stored_once(service: Service) -> None:
    _, token = await service.new_organization()
    headers = {**LINES, "Idempotency-Key": "k"}
    async with service.client(token) as client:
        answers = await asyncio.gather(
            *(client.post("/audit-logs/batch", content=BATCH, headers=headers) for _ in range(10))
        )

    assert sorted(answer.json()["committed"] for answer in answers) == [0] * 9 + [3]
    assert len({answer.json()["results"][0]["id"] for answer in answers}) == 1
    assert await count(service.services.engine) == 3


async def test_another_body_under_the_same_key_stores_nothing(service: Service) -> None:
    _, token = await service.new_organization()
    headers = {**LINES, "Idempotency-Key": "k"}
    async with service.client(token) as client:
        await client.post("/audit-logs/batch", content=BATCH, headers=headers)
        answer = await client.post("/audit-logs/batch", content=BATCH * 2, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert await count(service.services.engine) == 3


async def test_each_organization_has_keys_of_its_own(service: Service) -> None:
    headers = {"Idempotency-Key": "k"}
    ids = set()
    for name in ("a", "b"):
        _, token = await service.new_organization()
        async with service.client(token) as client:
            event = {"action": "LOGIN", "resource_type": "USER", "user_id": name}
            answer = await client.post("/audit-logs/", json=event, headers=headers)
            assert answer.status_code == 201
            ids.add(answer.json()["id"])
    assert len(ids) == 2
