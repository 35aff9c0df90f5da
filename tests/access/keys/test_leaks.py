"""API keys in events: taken out, told from look-alikes, and reported to whom they belong."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.access.keys.conftest import House, Json
from tests.engine import NOON
from trailkeeper.access.key_changes import revoke_key
from trailkeeper.access.keys import ApiKey, get_key, key_id_of
from trailkeeper.access.leaks import QUIET
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.tables import ApiKeyRow
from trailkeeper.outbound.jobs import SEND_MAIL
from trailkeeper.principal import Permission
from trailkeeper.store.tables import JobRow

LOOKS_LIKE_ONE = f"tk_{'0' * 16}_{'0' * 64}"


def secret_of(token: str) -> str:
    return token.rpartition("_")[2]


async def send(house: House, *events: Json, token: str | None = None) -> list[Json]:
    full = [{"action": "PING", "resource_type": "JOB", **each} for each in events]
    async with house.client(token) as client:
        answer = await client.post("/audit-logs/batch", json=full)
    assert answer.status_code == 200, answer.text
    results: list[Json] = answer.json()["results"]
    return results


async def reports(house: House) -> list[Json]:
    return await house.log(action="LEAK_DETECTED")


async def key_of(house: House, token: str) -> ApiKey:
    async with house.service.services.metadata.reading() as session:
        return await get_key(session, house.tenant, key_id_of(token) or "")


async def mails(house: House) -> list[dict[str, Any]]:
    async with house.service.services.metadata.reading() as session:
        rows = await session.scalars(
            select(JobRow).where(JobRow.kind == SEND_MAIL).order_by(JobRow.id)
        )
        return [row.payload["mail"] for row in rows]


async def add_member(house: House, user_id: str, role: str, status: str = "active") -> None:
    async with house.service.services.metadata.transaction() as session:
        session.add(
            MemberRow(
                organization=house.id,
                user_id=user_id,
                email=f"{user_id}@acme.io",
                name=user_id.title(),
                role=role,
                status=status,
                created_at=NOON,
                updated_at=NOON,
            )
        )


async def test_a_true_key_is_taken_out_and_reported(house: House) -> None:
    leaked = await house.key(Permission.EVENT_WRITE)
    [result] = await send(
        house,
        {
            "user_agent": f"curl {leaked}",
            "resource_name": leaked,
            "details": {"note": f"use {leaked} for it", "headers": {"X-Api-Key": leaked}},
        },
    )

    [stored] = await house.log(action="PING")
    [report] = await reports(house)
    paths = ["details.headers.X-Api-Key", "details.note", "resource_name", "user_agent"]
    assert stored["redacted"] == report["details"]["fields"] == paths
    assert stored["user_agent"] == "curl [REDACTED]"
    assert (report["resource_type"], report["resource_id"]) == ("API_KEY", key_id_of(leaked))
    assert (report["source"], report["user_id"]) == ("SYSTEM", None)
    assert report["details"]["event_id"] == result["id"]
    assert report["details"]["event_action"] == "PING"
    assert report["details"]["sent_by"] == f"api-key:{key_id_of(house.token)}"
    assert report["details"]["still_valid"] is True
    assert (await key_of(house, leaked)).leaked_at == NOON
    assert secret_of(leaked) not in str([stored, report])


async def test_the_secret_is_in_no_row_of_the_metadata(house: House) -> None:
    await add_member(house, "ada", "SUPER_ADMIN")
    leaked = await house.key(Permission.EVENT_WRITE)
    await send(house, {"details": {leaked: [leaked]}})

    async with house.service.services.metadata.reading() as session:
        jobs = [row.payload for row in await session.scalars(select(JobRow))]
    assert len(jobs) >= 2
    assert secret_of(leaked) not in str(jobs)


async def test_what_only_looks_like_a_key_is_taken_out_and_not_reported(house: House) -> None:
    true = await house.key(Permission.EVENT_WRITE)
    wrong_secret = true[:-1] + ("0" if true[-1] != "0" else "1")
    await send(house, {"details": {"a": LOOKS_LIKE_ONE, "b": wrong_secret}})

    [stored] = await house.log(action="PING")
    assert stored["details"] == {"a": "[REDACTED]", "b": "[REDACTED]"}
    assert await reports(house) == []
    assert (await key_of(house, true)).leaked_at is None


async def test_an_allowed_path_does_not_keep_a_key(service: Any) -> None:
    organization, token = await service.new_organization(redaction={"allowed_paths": ["note"]})
    house = House(service, organization, token)
    await send(house, {"details": {"note": f"password: {token}"}})

    [stored] = await house.log(action="PING")
    assert stored["details"] == {"note": "password: [REDACTED]"}
    assert len(await reports(house)) == 1


async def test_a_sender_that_goes_on_is_one_report_a_day(house: House) -> None:
    leaked = await house.key(Permission.EVENT_WRITE)
    await send(house, *[{"details": {"n": n, "key": leaked}} for n in range(20)])
    await send(house, {"details": {"key": leaked}})
    assert len(await reports(house)) == 1

    house.service.clock.advance(QUIET)
    await send(house, {"details": {"key": leaked}})
    assert len(await reports(house)) == 2


async def test_of_many_at_once_one_reports(house: House) -> None:
    leaked = await house.key(Permission.EVENT_WRITE)
    await asyncio.gather(*[send(house, {"details": {"key": leaked}}) for _ in range(5)])
    assert len(await reports(house)) == 1


async def test_anothers_key_is_reported_to_its_own_organization_alone(
    house: House, neighbour: House
) -> None:
    await add_member(house, "ada", "SUPER_ADMIN")
    leaked = await house.key(Permission.EVENT_WRITE)
    [result] = await send(neighbour, {"details": {"key": leaked}})

    [report] = await reports(house)
    [mail] = await mails(house)
    assert await reports(neighbour) == []
    assert report["details"] == {"in_another_organization": True, "still_valid": True}
    for told in (str(report), str(mail)):
        assert neighbour.id not in told
        assert result["id"] not in told
        assert (key_id_of(neighbour.token) or "") not in told


async def test_who_can_replace_it_is_told_by_mail(house: House) -> None:
    await add_member(house, "ada", "SUPER_ADMIN")
    await add_member(house, "bob", "DEVOPS")
    await add_member(house, "eve", "SUPER_ADMIN", status="disabled")
    await add_member(house, "dan", "ADMIN")
    leaked = await house.key(Permission.EVENT_WRITE)
    async with house.service.services.metadata.transaction() as session:
        await session.execute(
            update(ApiKeyRow).where(ApiKeyRow.id == key_id_of(leaked)).values(created_by="bob")
        )
    await send(house, {"details": {"key": leaked}})

    sent = await mails(house)
    assert [mail["to"] for mail in sent] == ["ada@acme.io", "bob@acme.io"]
    assert f"tk_{key_id_of(leaked)}" in sent[0]["text"]
    assert "PING" in sent[0]["text"]
    assert secret_of(leaked) not in str(sent)


async def test_a_key_that_ended_is_reported_without_a_mail(house: House) -> None:
    await add_member(house, "ada", "SUPER_ADMIN")
    leaked = await house.key(Permission.EVENT_WRITE)
    async with house.service.services.metadata.transaction() as session:
        await revoke_key(session, house.tenant, operating(), key_id_of(leaked) or "", NOON)
    await send(house, {"details": {"key": leaked}})

    [report] = await reports(house)
    assert report["details"]["still_valid"] is False
    assert await mails(house) == []


async def test_a_leaked_key_goes_on_working(house: House) -> None:
    leaked = await house.key(Permission.EVENT_WRITE)
    await send(house, {"details": {"key": leaked}})
    await send(house, {"details": {"n": 1}}, token=leaked)


async def test_a_rejected_event_neither_stores_nor_reports_it(house: House) -> None:
    leaked = await house.key(Permission.EVENT_WRITE)
    results = await send(
        house, {"id": leaked}, {"action": "no word", "details": {"key": leaked}}, {"id": "fine"}
    )
    assert [each["status"] for each in results] == ["rejected", "rejected", "committed"]
    assert secret_of(leaked) not in str(results)
    assert await reports(house) == []


async def test_a_report_that_failed_is_made_up_for_when_the_event_is_sent_again(
    house: House,
) -> None:
    """A crash between commit and report: the sender got no answer, and sends again."""
    leaked = await house.key(Permission.EVENT_WRITE)
    event = {"id": "again", "details": {"key": leaked}}
    await send(house, event)
    async with house.service.services.metadata.transaction() as session:
        await session.execute(update(ApiKeyRow).values(leaked_at=None))
    [result] = await send(house, event)

    assert result["status"] == "duplicate"
    assert [each["details"]["event_id"] for each in await reports(house)] == ["again", "again"]


async def test_many_look_alikes_do_not_hide_a_true_one(house: House) -> None:
    leaked = await house.key(Permission.EVENT_WRITE)
    crowd = [f"tk_{number:016x}_{number:064x}" for number in range(700)]
    await send(house, {"details": {"keys": [*crowd, leaked]}}, {"details": {"later": 1}})

    [report] = await reports(house)
    assert report["resource_id"] == key_id_of(leaked)


@pytest.mark.parametrize("days", [0, 2])
async def test_the_keys_page_shows_when_it_leaked(house: House, days: int) -> None:
    house.service.clock.advance(timedelta(days=days))
    leaked = await house.key(Permission.EVENT_WRITE)
    await send(house, {"details": {"key": leaked}})
    async with house.client() as client:
        shown = (await client.get(f"/api-keys/{key_id_of(leaked)}")).json()
    assert shown["leaked_at"] == f"{NOON + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
