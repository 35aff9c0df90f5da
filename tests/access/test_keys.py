from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.access.conftest import ACME, LONG_AGO, OTHER, SECRET_KEY, Room
from trailkeeper.access.keys import (
    KeyHasher,
    create_key,
    key_id_of,
    list_keys,
    to_key,
)
from trailkeeper.access.tables import ApiKeyRow
from trailkeeper.errors import BadRequest, Forbidden
from trailkeeper.principal import Permission, Principal, system_tenant

VIEW_AND_KEYS = frozenset({Permission.USER_MANAGE, Permission.KEY_MANAGE})
SECRET = "5" * 64
MAKER = Principal(ACME, "0" * 16, "maker", VIEW_AND_KEYS)


async def test_only_a_hash_is_kept(room: Room) -> None:
    issued = await room.issue(Permission.EVENT_WRITE)
    secret = issued.token.rpartition("_")[2]

    async with room.metadata.reading() as session:
        row = await session.scalar(select(ApiKeyRow))

    assert row is not None
    assert issued.token.startswith(f"{row.prefix}_")
    assert len(bytes.fromhex(secret)) == 32
    assert row.secret_hash == KeyHasher.from_secret_key(SECRET_KEY).hash(issued.token)
    assert all(secret not in str(value) for value in vars(row).values())
    assert to_key(row) == issued.key


def test_the_hash_depends_on_the_services_secret() -> None:
    one, two = (KeyHasher.from_secret_key(secret) for secret in ("a" * 32, "b" * 32))

    assert one.hash("tk_x_y") != two.hash("tk_x_y")
    assert repr(one) == "KeyHasher()"


async def test_keys_are_listed_for_their_organization_alone(room: Room) -> None:
    mine = [(await room.issue()).key for _ in range(2)]
    theirs = (await room.issue(organization=OTHER)).key

    async with room.metadata.reading() as session:
        assert {key.id for key in await list_keys(session, system_tenant(ACME))} == {
            key.id for key in mine
        }
        assert await list_keys(session, system_tenant(OTHER)) == [theirs]


async def test_a_key_grants_no_more_than_its_maker_may(room: Room) -> None:
    async with room.metadata.transaction() as session:
        issued = await create_key(
            session,
            room.keys.hasher,
            MAKER.tenant,
            "implied",
            [Permission.USER_VIEW, Permission.USER_MANAGE],
            now=LONG_AGO,
            maker=MAKER,
        )
    assert issued.key.permissions == {Permission.USER_VIEW, Permission.USER_MANAGE}

    with pytest.raises(Forbidden) as raised:
        async with room.metadata.transaction() as session:
            await create_key(
                session,
                room.keys.hasher,
                MAKER.tenant,
                "wider",
                [Permission.USER_VIEW, Permission.EVENT_WRITE],
                now=LONG_AGO,
                maker=MAKER,
            )
    assert raised.value.code == "PERMISSIONS_TOO_WIDE"
    assert "event:write" in raised.value.detail
    assert "user:view" not in raised.value.detail


async def test_a_key_without_use_is_refused(room: Room) -> None:
    tenant, hasher = system_tenant(ACME), room.keys.hasher
    async with room.metadata.transaction() as session:
        with pytest.raises(BadRequest, match="at least one"):
            await create_key(session, hasher, tenant, "none", [], now=LONG_AGO)
        with pytest.raises(BadRequest, match="expired"):
            await create_key(
                session,
                hasher,
                tenant,
                "late",
                [Permission.USER_VIEW],
                now=LONG_AGO,
                expires_at=LONG_AGO,
            )
        with pytest.raises(BadRequest, match="printable"):
            await create_key(session, hasher, tenant, "\0", [Permission.USER_VIEW], now=LONG_AGO)


async def test_a_permission_of_a_newer_version_is_left_out(room: Room) -> None:
    issued = await room.issue(Permission.USER_VIEW)
    async with room.metadata.transaction() as session:
        row = await session.get_one(ApiKeyRow, issued.key.id)
        row.permissions = ["user:view", "moon:manage"]

    async with room.metadata.reading() as session:
        [key] = await list_keys(session, system_tenant(ACME))
    assert key.permissions == {Permission.USER_VIEW}


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (f"tk_0123456789abcdef_{SECRET}", "0123456789abcdef"),
        (f"tk_0123456789abcdef_{SECRET}0", None),
        (f"tk_0123456789abcdef_{SECRET[1:]}", None),
        (f"tk_0123456789abcdef_{SECRET[1:]}\n", None),
        (f"tk_0123456789abcdef_{SECRET}\n", None),
        (f"tk_0123456789abcdeF_{SECRET}", None),
        (f"tk_0123456789abcde\0_{SECRET}", None),
        (f"tk_0123456789abcde_{SECRET}", None),
        (f"xx_0123456789abcdef_{SECRET}", None),
        ("tk_0123456789abcdef_", None),
        ("tk_0123456789abcdef", None),
        ("", None),
    ],
)
def test_the_id_in_a_token(token: str, expected: str | None) -> None:
    assert key_id_of(token) == expected
