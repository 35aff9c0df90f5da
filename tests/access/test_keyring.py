from __future__ import annotations

import asyncio
import contextlib
import hmac
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from tests.access.conftest import ACME, LONG_AGO, OTHER, Room
from trailkeeper.access.key_changes import revoke_key
from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.keys import ApiKey, list_keys
from trailkeeper.access.people.editor import operating
from trailkeeper.access.tables import ApiKeyRow
from trailkeeper.errors import Unauthenticated
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, Principal, system_tenant

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MUST_REACH_PER_SECOND = 100_000


async def refusal(room: Room, token: str | None, now: datetime = NOON) -> str:
    with pytest.raises(Unauthenticated) as raised:
        await room.keys.authenticate(token, now, "192.0.2.1")
    return raised.value.code


async def revoke(room: Room, key: ApiKey) -> None:
    """As another process would: this process's ring is not told."""
    async with room.metadata.transaction() as session:
        await revoke_key(session, system_tenant(key.organization), operating(), key.id, NOON)


async def stored(room: Room, organization: OrganizationId = ACME) -> ApiKey:
    async with room.metadata.reading() as session:
        [key] = await list_keys(session, system_tenant(organization))
        return key


async def test_a_key_is_a_principal(room: Room) -> None:
    issued = await room.issue(Permission.USER_VIEW, organization=OTHER, name="reader")

    principal = await room.keys.authenticate(issued.token, NOON, None)

    assert principal == Principal(OTHER, issued.key.id, "reader", frozenset({Permission.USER_VIEW}))


async def test_a_wrong_secret_tells_no_more_than_an_unknown_key(room: Room) -> None:
    issued = await room.issue()
    await room.keys.authenticate(issued.token, NOON)
    wrong = issued.token[:-1] + ("0" if issued.token[-1] != "0" else "1")
    unknown = f"tk_{'0' * 16}_{'0' * 64}"
    revoked = await room.issue()
    await revoke(room, revoked.key)

    answers = []
    for token in (wrong, unknown, "nonsense", "tk_a_b", revoked.token[:-1], issued.token + "0"):
        with pytest.raises(Unauthenticated) as raised:
            await room.keys.authenticate(token, NOON)
        answers.append((raised.value.code, raised.value.detail, raised.value.hint))
    assert len(set(answers)) == 1
    assert answers[0][0] == "INVALID_KEY"


async def test_no_key(room: Room) -> None:
    assert await refusal(room, None) == "MISSING_KEY"
    assert await refusal(room, "") == "MISSING_KEY"


async def test_a_key_of_another_installation_is_invalid(room: Room) -> None:
    issued = await room.issue()
    elsewhere = KeyRing(room.metadata, "another secret key, also 32 characters")

    with pytest.raises(Unauthenticated, match="not valid"):
        await elsewhere.authenticate(issued.token, NOON)


async def test_a_key_expires_to_the_second_also_from_the_cache(room: Room) -> None:
    issued = await room.issue(expires_at=NOON)
    await room.keys.authenticate(issued.token, NOON - timedelta(seconds=1))

    assert await refusal(room, issued.token, NOON) == "EXPIRED_KEY"


async def test_a_revocation_here_works_at_once(room: Room) -> None:
    issued = await room.issue()
    await room.keys.authenticate(issued.token, NOON)
    await revoke(room, issued.key)

    room.keys.forget(issued.key.id)

    assert await refusal(room, issued.token) == "REVOKED_KEY"


async def test_a_revocation_elsewhere_works_within_the_ttl(room: Room) -> None:
    issued = await room.issue()
    await room.keys.authenticate(issued.token, NOON)
    await revoke(room, issued.key)
    await room.keys.authenticate(issued.token, NOON)

    room.clock.seconds += KeyRing.TTL

    assert KeyRing.TTL <= 5
    assert await refusal(room, issued.token) == "REVOKED_KEY"


async def test_a_key_created_after_it_was_tried_works_within_the_ttl(room: Room) -> None:
    issued = await room.issue()
    async with room.metadata.transaction() as session:
        row = await session.get_one(ApiKeyRow, issued.key.id)
        secret_hash, row.secret_hash = row.secret_hash, "0" * 64
    assert await refusal(room, issued.token) == "INVALID_KEY"
    async with room.metadata.transaction() as session:
        (await session.get_one(ApiKeyRow, issued.key.id)).secret_hash = secret_hash

    room.clock.seconds += KeyRing.TTL

    await room.keys.authenticate(issued.token, NOON)


async def test_a_read_that_began_before_the_revocation_is_not_remembered(room: Room) -> None:
    issued = await room.issue()
    early = asyncio.create_task(room.keys.authenticate(issued.token, NOON))
    await asyncio.sleep(0)
    await revoke(room, issued.key)
    room.keys.forget(issued.key.id)
    await asyncio.gather(early, return_exceptions=True)

    assert await refusal(room, issued.token) == "REVOKED_KEY"


async def test_a_request_that_gives_up_leaves_the_others_their_answer(room: Room) -> None:
    issued = await room.issue()
    first = asyncio.create_task(room.keys.authenticate(issued.token, NOON))
    others = [asyncio.create_task(room.keys.authenticate(issued.token, NOON)) for _ in range(5)]
    await asyncio.sleep(0)
    first.cancel()

    principals = await asyncio.gather(*others)

    assert {principal.key_id for principal in principals} == {issued.key.id}


async def test_all_keys_take_the_same_steps_to_be_refused_known_or_not(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Key timing: what an attacker could tell apart is what is done, not how long it took."""
    issued = await room.issue()
    wrong = issued.token[:-1] + ("0" if issued.token[-1] != "0" else "1")
    unknown = f"tk_{'0' * 16}_{'0' * 64}"
    compared: list[tuple[int, int]] = []
    digested: list[int] = []
    compare, digest = hmac.compare_digest, hmac.digest

    def noting_compare(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return compare(one, other)

    def noting_digest(key: bytes, message: bytes, algorithm: str) -> bytes:
        digested.append(len(message))
        return digest(key, message, algorithm)

    monkeypatch.setattr(hmac, "compare_digest", noting_compare)
    monkeypatch.setattr(hmac, "digest", noting_digest)
    for token in (wrong, unknown, issued.token):
        with contextlib.suppress(Unauthenticated):
            await room.keys.authenticate(token, NOON)

    assert compared == [(64, 64)] * 3
    assert digested == [len(issued.token)] * 3


async def test_last_used_is_written_when_flushed(room: Room) -> None:
    issued = await room.issue()
    other = await room.issue(organization=OTHER)
    for seconds, address in ((1, "192.0.2.1"), (2, "2001:db8::1")):
        await room.keys.authenticate(issued.token, NOON + timedelta(seconds=seconds), address)
    await room.keys.authenticate(other.token, NOON)
    await refusal(room, issued.token[:-1], NOON + timedelta(seconds=3))
    assert (await stored(room)).last_used_at is None

    await room.keys.flush_last_used()
    await room.keys.flush_last_used()

    key = await stored(room)
    assert (key.last_used_at, key.last_used_address) == (NOON + timedelta(seconds=2), "2001:db8::1")
    assert (await stored(room, OTHER)).last_used_address is None


async def test_an_older_use_never_overwrites_a_newer(room: Room) -> None:
    issued = await room.issue()
    await room.keys.authenticate(issued.token, NOON, "192.0.2.1")
    await room.keys.flush_last_used()
    await room.keys.authenticate(issued.token, LONG_AGO, "192.0.2.2")
    await room.keys.flush_last_used()

    assert (await stored(room)).last_used_at == NOON


async def test_last_used_survives_a_failed_flush(room: Room) -> None:
    issued = await room.issue()
    await room.keys.authenticate(issued.token, NOON, "192.0.2.1")
    async with room.metadata.transaction() as session:
        await session.execute(text("ALTER TABLE api_keys RENAME TO hidden"))
    with pytest.raises(Exception, match="api_keys"):
        await room.keys.flush_last_used()
    async with room.metadata.transaction() as session:
        await session.execute(text("ALTER TABLE hidden RENAME TO api_keys"))

    await room.keys.flush_last_used()

    assert (await stored(room)).last_used_at == NOON


async def test_cached_checks_are_fast(room: Room) -> None:
    issued = await room.issue()
    authenticate, token = room.keys.authenticate, issued.token
    await authenticate(token, NOON, "192.0.2.1")
    checks = 5_000

    best = 0.0
    for _ in range(8):
        started = time.process_time()
        for _ in range(checks):
            await authenticate(token, NOON, "192.0.2.1")
        best = max(best, checks / (time.process_time() - started))

    assert best >= MUST_REACH_PER_SECOND
    async with room.metadata.reading() as session:
        assert len(list(await session.scalars(select(ApiKeyRow)))) == 1
