"""Tries: each costs, and who fails often waits longer and longer for the next.

A try is counted before it is looked at, so that a hundred at once are a hundred; a success
takes the count back. Accounts are counted whether they exist or not. A browser that the
account signed in from before has a count of its own: nobody else can lock its owner out.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.address import parse_address
from trailkeeper.access.signin.tables import AttemptRow
from trailkeeper.errors import TooManyRequests
from trailkeeper.store.base import insert_into
from trailkeeper.store.metadata import Metadata

FIRST_DELAY: Final = timedelta(seconds=1)
LONGEST_DELAY: Final = timedelta(minutes=15)
IPV6_PREFIX: Final = 64
"""The smallest network that one customer gets: whoever has an address of it has them all."""

MAX_ROWS: Final = 100_000


class Kind(StrEnum):
    """What tries are counted by."""

    ACCOUNT = "account"
    DEVICE = "device"
    ADDRESS = "address"
    FACTOR = "factor"
    LINK = "link"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures without a delay, and after how long without any all are forgotten."""

    free: int
    forgotten_after: timedelta


LIMITS: Final = {
    Kind.ACCOUNT: Limit(5, timedelta(days=1)),
    Kind.DEVICE: Limit(5, timedelta(days=1)),
    Kind.FACTOR: Limit(5, timedelta(days=1)),
    # Many people share an address; one of them who mistypes must not stop the office.
    Kind.ADDRESS: Limit(30, timedelta(hours=1)),
    # Tries of one-time links, right or wrong, and asking for mails: by address.
    Kind.LINK: Limit(20, timedelta(hours=1)),
    # Mails that one person is sent because somebody asked for them.
    Kind.MAIL: Limit(3, timedelta(hours=1)),
}
LONGEST_KEPT: Final = max(limit.forgotten_after for limit in LIMITS.values())


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a try is counted for."""

    kind: Kind
    key: str

    @property
    def text(self) -> str:
        return f"{self.kind}:{self.key}"


def account_subject(email: str) -> Subject:
    return Subject(Kind.ACCOUNT, _digest(email.strip().lower()))


def device_subject(email: str, device_token: str) -> Subject:
    return Subject(Kind.DEVICE, _digest(f"{email.strip().lower()}\0{device_token}"))


def factor_subject(person_id: str) -> Subject:
    return Subject(Kind.FACTOR, person_id)


def mail_subject(person_id: str) -> Subject:
    return Subject(Kind.MAIL, person_id)


def address_subject(address: str | None, kind: Kind = Kind.ADDRESS) -> Subject:
    """By the client's address; of IPv6, by its /64."""
    parsed = parse_address(address) if address is not None else None
    if parsed is None:
        return Subject(kind, "unknown")
    if isinstance(parsed, ipaddress.IPv6Address):
        return Subject(kind, str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False)))
    return Subject(kind, str(parsed))


class Attempts:
    """Counts tries, in the metadata store: all processes share the counts."""

    def __init__(self, metadata: Metadata) -> None:
        self._metadata = metadata

    async def charge(self, subjects: Iterable[Subject], now: datetime) -> None:
        """Counts a try for all subjects, durably, before it is made.

        Raises TooManyRequests(TOO_MANY_TRIES) where one of them has to wait; nothing is
        counted then.
        """
        async with self._metadata.transaction() as session:
            await charge(session, subjects, now)

    async def take_back(self, subjects: Iterable[Subject]) -> None:
        """Takes one try back: it succeeded, or could not be made."""
        async with self._metadata.transaction() as session:
            await take_back(session, subjects)


async def charge(session: AsyncSession, subjects: Iterable[Subject], now: datetime) -> None:
    """The same in the caller's transaction, which MUST be committed before the try is made."""
    # Always in one order, so that two transactions cannot wait for each other's rows.
    for subject in sorted(subjects, key=lambda each: each.text):
        failures = await _count(session, subject, now)
        if failures is None:
            raise await _too_many(session, subject, now)
        delay = delay_after(failures, LIMITS[subject.kind])
        if delay:
            await session.execute(
                update(AttemptRow)
                .where(AttemptRow.subject == subject.text)
                .values(blocked_until=now + delay)
            )


async def take_back(session: AsyncSession, subjects: Iterable[Subject]) -> None:
    """In the transaction of the success."""
    for subject in sorted(subjects, key=lambda each: each.text):
        await session.execute(
            update(AttemptRow)
            .where(AttemptRow.subject == subject.text, AttemptRow.failures > 0)
            .values(failures=AttemptRow.failures - 1, blocked_until=None)
        )


async def clear(session: AsyncSession, subjects: Iterable[Subject]) -> None:
    """Forgets all failures, in the transaction of the success."""
    texts = sorted(subject.text for subject in subjects)
    await session.execute(delete(AttemptRow).where(AttemptRow.subject.in_(texts)))


async def forget_old_attempts(session: AsyncSession, now: datetime) -> None:
    """Housekeeping: what counts no more, and the oldest beyond `MAX_ROWS`."""
    await session.execute(delete(AttemptRow).where(AttemptRow.last_failed_at <= now - LONGEST_KEPT))
    surplus = (await session.scalar(select(func.count()).select_from(AttemptRow)) or 0) - MAX_ROWS
    if surplus > 0:
        oldest = (
            select(AttemptRow.subject)
            .order_by(AttemptRow.last_failed_at, AttemptRow.subject)
            .limit(surplus)
        )
        await session.execute(delete(AttemptRow).where(AttemptRow.subject.in_(oldest)))


def delay_after(failures: int, limit: Limit) -> timedelta:
    """How long the next try has to wait: 1 s, 2 s, 4 s … 15 min once the free ones are gone."""
    if failures < limit.free:
        return timedelta(0)
    doublings = min(failures - limit.free, 32)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


async def _count(session: AsyncSession, subject: Subject, now: datetime) -> int | None:
    """The failures with this one; None while the subject has to wait."""
    is_forgotten = AttemptRow.last_failed_at <= now - LIMITS[subject.kind].forgotten_after
    return await session.scalar(
        insert_into(session, AttemptRow)
        .values(subject=subject.text, failures=1, last_failed_at=now)
        .on_conflict_do_update(
            index_elements=[AttemptRow.subject],
            set_={
                "failures": case((is_forgotten, 1), else_=AttemptRow.failures + 1),
                "last_failed_at": now,
                "blocked_until": None,
            },
            where=or_(AttemptRow.blocked_until.is_(None), AttemptRow.blocked_until <= now),
        )
        .returning(AttemptRow.failures)
    )


async def _too_many(session: AsyncSession, subject: Subject, now: datetime) -> TooManyRequests:
    until = await session.scalar(
        select(AttemptRow.blocked_until).where(AttemptRow.subject == subject.text)
    )
    seconds = ceil((until - now).total_seconds()) if until is not None else 1
    return TooManyRequests(
        "TOO_MANY_TRIES",
        "Too many tries failed.",
        hint=f"Try again in {max(seconds, 1)} s.",
        retry_after_seconds=max(seconds, 1),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
