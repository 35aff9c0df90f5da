from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.access.conftest import ACME, OTHER, Room
from trailkeeper.access.allow_list import (
    AllowedNetwork,
    AllowLists,
    check_not_locked_out,
    get_allow_list,
    record_saved,
    save_allow_list,
)
from trailkeeper.access.trail import operator
from trailkeeper.errors import BadRequest, Conflict, Forbidden, NotFound
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, Principal, system_tenant
from trailkeeper.store.tables import JobRow

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = Principal(ACME, "0" * 16, "key", frozenset({Permission.USER_VIEW}))


def entries(*networks: str) -> list[AllowedNetwork]:
    return [AllowedNetwork(network=each) for each in networks]


async def save(room: Room, *networks: str) -> None:
    async with room.metadata.transaction() as session:
        await save_allow_list(session, system_tenant(ACME), entries(*networks))


async def is_refused(lists: AllowLists, principal: Principal, address: str | None) -> bool:
    try:
        await lists.check(principal, address)
    except Forbidden as error:
        assert error.code == "ADDRESS_NOT_ALLOWED"
        return True
    return False


@pytest.fixture
def lists(room: Room) -> AllowLists:
    return AllowLists(room.metadata, room.clock)


async def test_an_empty_list_lets_everyone_through(lists: AllowLists) -> None:
    for address in ("203.0.113.7", "2001:db8::1", None):
        assert not await is_refused(lists, KEY, address)


async def test_a_list_holds_for_its_organization_alone(room: Room, lists: AllowLists) -> None:
    await save(room, "203.0.113.0/24", "2001:db8::7")

    for address in ("203.0.113.7", "::ffff:203.0.113.7", "2001:db8::7"):
        assert not await is_refused(lists, KEY, address)
    for refused in ("203.0.114.7", "2001:db8::8", "127.0.0.1", "::1", None):
        assert await is_refused(lists, KEY, refused)
        assert not await is_refused(lists, replace(KEY, organization=OTHER), refused)


async def test_a_person_and_a_key_meet_the_same_list(room: Room, lists: AllowLists) -> None:
    await save(room, "203.0.113.7")
    person = replace(KEY, key_id=None, user_id="ada", person_id="p", session_id="s")

    for principal in (KEY, person):
        assert not await is_refused(lists, principal, "203.0.113.7")
        assert await is_refused(lists, principal, "203.0.113.8")


async def test_a_keys_own_list_narrows_the_organizations(room: Room, lists: AllowLists) -> None:
    await save(room, "203.0.113.0/24")
    key = replace(KEY, allowed_networks=("203.0.113.7", "192.0.2.1"))

    assert not await is_refused(lists, key, "203.0.113.7")
    assert await is_refused(lists, key, "203.0.113.8")
    assert await is_refused(lists, key, "192.0.2.1")
    assert await is_refused(lists, key, None)


async def test_a_change_here_holds_at_once_and_elsewhere_within_the_ttl(
    room: Room, lists: AllowLists
) -> None:
    other_process = AllowLists(room.metadata, room.clock)
    for each in (lists, other_process):
        assert not await is_refused(each, KEY, "192.0.2.1")
    await save(room, "203.0.113.7")
    lists.forget(ACME)

    assert await is_refused(lists, KEY, "192.0.2.1")
    assert not await is_refused(other_process, KEY, "192.0.2.1")
    room.clock.seconds += AllowLists.TTL
    assert AllowLists.TTL <= 5
    assert await is_refused(other_process, KEY, "192.0.2.1")


async def test_saved_entries_are_kept_in_normal_form_and_order(room: Room) -> None:
    given = [
        AllowedNetwork(network="::ffff:203.0.113.0/120", note=" office "),
        AllowedNetwork(network="192.0.2.1/32"),
    ]
    async with room.metadata.transaction() as session:
        change = await save_allow_list(session, system_tenant(ACME), given)
    async with room.metadata.reading() as session:
        kept = await get_allow_list(session, system_tenant(ACME))
        others = await get_allow_list(session, system_tenant(OTHER))

    assert change.old == others == ()
    assert change.new == kept
    assert kept == (
        AllowedNetwork(network="203.0.113.0/24", note="office"),
        AllowedNetwork(network="192.0.2.1"),
    )


async def test_what_is_wrong_is_refused_and_nothing_is_saved(room: Room) -> None:
    for given, code in (
        ([AllowedNetwork(network="nowhere")], "INVALID_NETWORK"),
        ([AllowedNetwork(network="192.0.2.1", note="a\0b")], "INVALID_NOTE"),
        ([AllowedNetwork(network="192.0.2.1", note="x" * 201)], "INVALID_NOTE"),
    ):
        with pytest.raises(BadRequest) as raised:
            async with room.metadata.transaction() as session:
                await save_allow_list(session, system_tenant(ACME), given)
        assert raised.value.code == code
    async with room.metadata.reading() as session:
        assert await get_allow_list(session, system_tenant(ACME)) == ()
        with pytest.raises(NotFound):
            await get_allow_list(session, system_tenant(OrganizationId("nobody")))


async def test_a_saved_list_is_on_the_record_with_old_and_new(room: Room) -> None:
    tenant = system_tenant(ACME)
    for networks in (
        ("192.0.2.1",),
        ("192.0.2.1", "203.0.113.0/24"),
        ("192.0.2.1", "203.0.113.0/24"),
    ):
        async with room.metadata.transaction() as session:
            change = await save_allow_list(session, tenant, entries(*networks))
            await record_saved(session, tenant, operator(), change, NOON)

    async with room.metadata.reading() as session:
        events: list[dict[str, Any]] = [
            row.payload for row in await session.scalars(select(JobRow).order_by(JobRow.id))
        ]
    assert len(events) == 2
    assert (events[1]["action"], events[1]["resource_type"]) == ("UPDATE", "ALLOW_LIST")
    assert events[1]["source"] == "CLI"
    assert events[1]["details"]["old_value"] == ["192.0.2.1"]
    assert events[1]["details"]["new_value"] == ["192.0.2.1", "203.0.113.0/24"]
    assert events[1]["details"]["operator"]


@pytest.mark.parametrize("address", ["192.0.2.1", None])
def test_locking_oneself_out_needs_a_confirmation(address: str | None) -> None:
    with pytest.raises(Conflict) as raised:
        check_not_locked_out(["203.0.113.0/24"], address, is_confirmed=False)
    assert raised.value.code == "WOULD_LOCK_OUT"
    assert check_not_locked_out(["203.0.113.0/24"], address, is_confirmed=True)
    assert not check_not_locked_out([], address, is_confirmed=False)


def test_a_list_with_ones_own_address_needs_none() -> None:
    assert not check_not_locked_out(["203.0.113.0/24"], "203.0.113.9", is_confirmed=False)
