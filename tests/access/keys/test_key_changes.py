from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.access.conftest import ACME, LONG_AGO, OTHER, Room
from trailkeeper.access.key_changes import (
    MAX_OVERLAP,
    KeyPlan,
    change_key,
    issue_key,
    revoke_key,
    rotate_key,
)
from trailkeeper.access.keys import ApiKey, IssuedKey, get_key, list_keys
from trailkeeper.access.people.editor import Editor, operating
from trailkeeper.access.trail import Requester
from trailkeeper.errors import BadRequest, Conflict, Forbidden, NotFound, TrailkeeperError
from trailkeeper.event import Source
from trailkeeper.principal import Permission, Principal, system_tenant
from trailkeeper.store.tables import JobRow

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TENANT = system_tenant(ACME)
DAY = timedelta(days=1)

ADA = Principal(
    ACME, None, "Ada", frozenset({Permission.KEY_MANAGE, Permission.EVENT_WRITE}), user_id="ada"
)
BY_ADA = Editor(Requester("ada", "ada@acme.io", "203.0.113.7", "browser", Source.UI), ADA)


async def rotate(
    room: Room, key_id: str, editor: Editor = BY_ADA, overlap: timedelta = DAY, **options: Any
) -> IssuedKey:
    async with room.metadata.transaction() as session:
        return await rotate_key(
            session, room.keys.hasher, TENANT, editor, key_id, NOON, overlap=overlap, **options
        )


async def change(room: Room, key_id: str, editor: Editor = BY_ADA, **changes: Any) -> ApiKey:
    async with room.metadata.transaction() as session:
        return await change_key(session, TENANT, editor, key_id, NOON, **changes)


async def revoke(room: Room, key_id: str, now: datetime = NOON) -> ApiKey:
    async with room.metadata.transaction() as session:
        return await revoke_key(session, TENANT, BY_ADA, key_id, now)


async def recorded(room: Room) -> list[dict[str, Any]]:
    async with room.metadata.reading() as session:
        rows = await session.scalars(select(JobRow).order_by(JobRow.id))
        return [row.payload for row in rows]


async def fresh(room: Room, key_id: str) -> ApiKey:
    async with room.metadata.reading() as session:
        return await get_key(session, TENANT, key_id)


async def test_a_new_key_is_on_the_record_without_its_secret(room: Room) -> None:
    plan = KeyPlan("collector", [Permission.EVENT_WRITE], NOON + DAY, ["::ffff:192.0.2.1"])
    async with room.metadata.transaction() as session:
        issued = await issue_key(session, room.keys.hasher, TENANT, BY_ADA, plan, NOON)

    [event] = await recorded(room)
    assert issued.key.allow_list == ("192.0.2.1",)
    assert issued.key.created_by == "ada"
    assert (event["action"], event["resource_type"], event["resource_id"]) == (
        "CREATE",
        "API_KEY",
        issued.key.id,
    )
    assert (event["user_id"], event["user_email"]) == ("ada", "ada@acme.io")
    assert (event["ip_address"], event["source"]) == ("203.0.113.7", "UI")
    assert event["details"] == {
        "permissions": ["event:write"],
        "expires_at": "2026-03-02T12:00:00+00:00",
        "allow_list": ["192.0.2.1"],
    }
    assert issued.token.rpartition("_")[2] not in str(event)


async def test_a_refused_key_leaves_no_trace(room: Room) -> None:
    plan = KeyPlan("wider", [Permission.USER_VIEW])
    with pytest.raises(Forbidden):
        async with room.metadata.transaction() as session:
            await issue_key(session, room.keys.hasher, TENANT, BY_ADA, plan, NOON)
    assert await recorded(room) == []


async def test_keys_are_found_by_their_maker(room: Room) -> None:
    plan = KeyPlan("adas", [Permission.EVENT_WRITE])
    async with room.metadata.transaction() as session:
        issued = await issue_key(session, room.keys.hasher, TENANT, BY_ADA, plan, NOON)
    await room.issue()

    async with room.metadata.reading() as session:
        assert await list_keys(session, TENANT, created_by="ada") == [issued.key]
        assert await list_keys(session, TENANT, created_by="bob") == []
        assert await list_keys(session, system_tenant(OTHER), created_by="ada") == []


async def test_a_rotated_key_works_until_the_overlap_is_over(room: Room) -> None:
    old = await room.issue(Permission.EVENT_WRITE, name="collector")
    await change(room, old.key.id, allow_list=["192.0.2.1"])
    new = await rotate(room, old.key.id)

    kept = await fresh(room, old.key.id)
    assert (kept.expires_at, kept.replaced_by, kept.revoked_at) == (NOON + DAY, new.key.id, None)
    assert new.key.permissions == {Permission.EVENT_WRITE}
    assert (new.key.name, new.key.allow_list) == ("collector", ("192.0.2.1",))
    assert (new.key.expires_at, new.key.created_by) == (None, "ada")
    for token in (old.token, new.token):
        await room.keys.authenticate(token, NOON + DAY - timedelta(seconds=1))
    await room.keys.authenticate(new.token, NOON + DAY)
    with pytest.raises(TrailkeeperError) as raised:
        await room.keys.authenticate(old.token, NOON + DAY)
    assert raised.value.code == "EXPIRED_KEY"


async def test_a_rotation_is_on_the_record_for_both_keys(room: Room) -> None:
    old = await room.issue(Permission.EVENT_WRITE)
    new = await rotate(room, old.key.id)

    created, rotated = await recorded(room)
    assert (created["action"], created["resource_id"]) == ("CREATE", new.key.id)
    assert created["details"]["replaces"] == old.key.id
    assert (rotated["action"], rotated["resource_id"]) == ("ROTATE", old.key.id)
    assert rotated["details"] == {
        "changed_fields": ["expires_at", "replaced_by"],
        "old_value": {"expires_at": None, "replaced_by": None},
        "new_value": {"expires_at": (NOON + DAY).isoformat(), "replaced_by": new.key.id},
    }


async def test_a_rotated_key_lives_as_long_as_the_old_one_was_meant_to(room: Room) -> None:
    old = await room.issue(Permission.EVENT_WRITE, expires_at=LONG_AGO + 90 * DAY)
    new = await rotate(room, old.key.id)
    newest = await rotate(room, new.key.id, expires_at=NOON + DAY)

    assert new.key.expires_at == NOON + 90 * DAY
    assert newest.key.expires_at == NOON + DAY


async def test_the_overlap_never_lengthens_a_keys_life(room: Room) -> None:
    old = await room.issue(Permission.EVENT_WRITE, expires_at=NOON + timedelta(hours=1))
    await rotate(room, old.key.id, overlap=7 * DAY)
    assert (await fresh(room, old.key.id)).expires_at == NOON + timedelta(hours=1)


async def test_without_overlap_the_old_key_ends_at_once(room: Room) -> None:
    old = await room.issue(Permission.EVENT_WRITE)
    await rotate(room, old.key.id, overlap=timedelta())
    assert not (await fresh(room, old.key.id)).is_active(NOON)


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), MAX_OVERLAP + timedelta(seconds=1)])
async def test_an_overlap_has_bounds(room: Room, overlap: timedelta) -> None:
    old = await room.issue(Permission.EVENT_WRITE)
    with pytest.raises(BadRequest) as raised:
        await rotate(room, old.key.id, overlap=overlap)
    assert raised.value.code == "INVALID_OVERLAP"


async def test_of_two_rotations_at_once_one_makes_a_key(room: Room) -> None:
    old = await room.issue(Permission.EVENT_WRITE)
    outcomes = await asyncio.gather(
        rotate(room, old.key.id), rotate(room, old.key.id), return_exceptions=True
    )

    codes = sorted(each.code if isinstance(each, Conflict) else "made" for each in outcomes)
    assert codes == ["KEY_REPLACED", "made"]
    async with room.metadata.reading() as session:
        assert len(await list_keys(session, TENANT)) == 2


async def test_a_rotation_hands_out_no_more_than_its_maker_may(room: Room) -> None:
    stronger = await room.issue(Permission.EVENT_WRITE, Permission.SECURITY_MANAGE)
    for attempt in (
        lambda: rotate(room, stronger.key.id),
        lambda: change(room, stronger.key.id, allow_list=[]),
    ):
        with pytest.raises(Forbidden) as raised:
            await attempt()
        assert raised.value.code == "PERMISSIONS_TOO_WIDE"
    assert await recorded(room) == []
    assert (await rotate(room, stronger.key.id, operating())).key.created_by is None
    # Taking a key away is never more than one may.
    assert (await revoke(room, stronger.key.id)).revoked_at == NOON


async def test_an_ended_key_is_neither_rotated_nor_changed(room: Room) -> None:
    expired = await room.issue(Permission.EVENT_WRITE, expires_at=NOON)
    revoked = await room.issue(Permission.EVENT_WRITE)
    await revoke(room, revoked.key.id)
    for key in (expired.key, revoked.key):
        for attempt in (rotate(room, key.id), change(room, key.id, name="x")):
            with pytest.raises(Conflict) as raised:
                await attempt
            assert raised.value.code == "KEY_NOT_ACTIVE"


async def test_a_change_is_on_the_record_with_old_and_new(room: Room) -> None:
    key = (await room.issue(Permission.EVENT_WRITE, name="old")).key
    changed = await change(room, key.id, name="new", allow_list=["192.0.2.0/24"])
    again = await change(room, key.id, name="new")

    assert changed == again == replace(key, name="new", allow_list=("192.0.2.0/24",))
    [event] = await recorded(room)
    assert event["action"] == "UPDATE"
    assert event["details"]["old_value"] == {"name": "old", "allow_list": []}
    assert event["details"]["new_value"] == {"name": "new", "allow_list": ["192.0.2.0/24"]}


async def test_a_key_is_revoked_and_recorded_once(room: Room) -> None:
    key = (await room.issue()).key
    for now in (NOON, NOON + DAY):
        assert (await revoke(room, key.id, now)).revoked_at == NOON
    [event] = await recorded(room)
    assert (event["action"], event["resource_id"]) == ("REVOKE", key.id)


async def test_anothers_key_is_not_found(room: Room) -> None:
    theirs = (await room.issue(organization=OTHER)).key
    for key_id in (theirs.id, "0" * 16, "a\0b", ""):
        for attempt in (
            revoke(room, key_id),
            rotate(room, key_id),
            change(room, key_id, name="mine"),
        ):
            with pytest.raises(NotFound) as raised:
                await attempt
            assert raised.value.code == "KEY_NOT_FOUND"
    async with room.metadata.reading() as session:
        assert await list_keys(session, system_tenant(OTHER)) == [theirs]
