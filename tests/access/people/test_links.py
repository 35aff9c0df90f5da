"""One-time links: once, in time, and nothing else is told."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.engine import NOON
from trailkeeper.access.people.links import (
    KEPT_AFTER_EXPIRY,
    Link,
    LinkPurpose,
    forget_expired_links,
    issue_link,
    read_link,
    revoke_links,
    use_link,
)
from trailkeeper.access.people.tables import LinkRow
from trailkeeper.errors import NotFound
from trailkeeper.store.metadata import Metadata

WEEK = timedelta(days=7)
INVITATION = LinkPurpose.INVITATION


async def issued(metadata: Metadata, user_id: str = "ada") -> str:
    async with metadata.transaction() as session:
        return await issue_link(
            session,
            INVITATION,
            organization="acme",
            user_id=user_id,
            email="ADA@example.com",
            payload={"before": "observed"},
            lifetime=WEEK,
            now=NOON,
        )


async def test_a_link_is_read_often_and_used_once(metadata: Metadata) -> None:
    token = await issued(metadata)
    async with metadata.transaction() as session:
        first = await read_link(session, INVITATION, token, NOON)
        second = await read_link(session, INVITATION, token, NOON)
        used = await use_link(session, INVITATION, token, NOON)
        with pytest.raises(NotFound):
            await use_link(session, INVITATION, token, NOON)

    assert first == second == used
    assert used == Link(
        INVITATION,
        "acme",
        "ada",
        None,
        "ada@example.com",
        {"before": "observed"},
        NOON,
        NOON + WEEK,
    )


async def test_what_is_no_use_looks_the_same(metadata: Metadata) -> None:
    used, revoked, expired, other = [await issued(metadata, each) for each in "abcd"]
    async with metadata.transaction() as session:
        await use_link(session, INVITATION, used, NOON)
        assert await revoke_links(session, INVITATION, organization="acme", user_id="b", now=NOON)

    tries = [
        (INVITATION, used, NOON),
        (INVITATION, revoked, NOON),
        (INVITATION, expired, NOON + WEEK),
        (LinkPurpose.RESET, other, NOON),
        (INVITATION, "never was", NOON),
        (INVITATION, "nul\0 ä\udc80", NOON),
    ]
    told = set()
    for purpose, token, now in tries:
        async with metadata.transaction() as session:
            for attempt in (read_link, use_link):
                with pytest.raises(NotFound) as raised:
                    await attempt(session, purpose, token, now)
                told.add((raised.value.code, raised.value.detail, raised.value.hint))

    assert len(told) == 1
    assert next(iter(told))[0] == "LINK_INVALID"


async def test_of_many_who_come_at_once_one_gets_in(metadata: Metadata) -> None:
    token = await issued(metadata)

    async def try_it() -> Link:
        async with metadata.transaction() as session:
            return await use_link(session, INVITATION, token, NOON)

    outcomes = await asyncio.gather(*(try_it() for _ in range(5)), return_exceptions=True)

    assert [isinstance(each, Link) for each in outcomes].count(True) == 1
    assert [isinstance(each, NotFound) for each in outcomes].count(True) == 4


async def test_only_the_named_ones_are_revoked(metadata: Metadata) -> None:
    ada, bob = await issued(metadata, "ada"), await issued(metadata, "bob")
    async with metadata.transaction() as session:
        reset = await issue_link(session, LinkPurpose.RESET, person="p1", lifetime=WEEK, now=NOON)
        counts = [
            await revoke_links(session, INVITATION, organization="acme", user_id="ada", now=NOON)
            for _ in range(2)
        ]
        assert await revoke_links(session, INVITATION, person="p1", now=NOON) == 0
        with pytest.raises(ValueError, match="whose"):
            await revoke_links(session, INVITATION, organization="acme", now=NOON)
    async with metadata.reading() as session:
        await read_link(session, INVITATION, bob, NOON)
        await read_link(session, LinkPurpose.RESET, reset, NOON)
        with pytest.raises(NotFound):
            await read_link(session, INVITATION, ada, NOON)

    assert counts == [1, 0]


async def test_only_the_hash_is_kept_and_not_for_ever(metadata: Metadata) -> None:
    token = await issued(metadata)
    async with metadata.transaction() as session:
        rows = list(await session.scalars(select(LinkRow)))
        assert token not in str([vars(row) for row in rows])
        await forget_expired_links(session, NOON + WEEK + KEPT_AFTER_EXPIRY - timedelta(seconds=1))
        kept = len((await session.scalars(select(LinkRow))).all())
        await forget_expired_links(session, NOON + WEEK + KEPT_AFTER_EXPIRY)
        left = len((await session.scalars(select(LinkRow))).all())

    assert (kept, left) == (1, 0)
