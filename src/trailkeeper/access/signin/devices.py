"""From what and where a person signed in before: anything else is worth a mail.

A device is a browser that holds a long-lived cookie from an earlier sign-in; a place is a
country and city, where the operator's database knows them. Of both only hashes are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.signin.tables import KnownDeviceRow
from trailkeeper.access.tokens import new_token
from trailkeeper.store.base import insert_into

MAX_KNOWN: Final = 200
"""Devices and places of one person; the longest unseen give way."""


class Whereabouts(NamedTuple):
    """What address and user agent tell; '' is unknown."""

    country: str = ""
    city: str = ""
    device: str = ""


Locate = Callable[[str | None, str], Whereabouts]
"""From an address and a user agent."""


def nowhere(address: str | None, user_agent: str) -> Whereabouts:
    """For a service that cannot tell."""
    return Whereabouts()


@dataclass(frozen=True, slots=True)
class Sighting:
    """A sign-in's device, by the token to be kept in its cookie, and what is new about it."""

    device_token: str
    is_new_device: bool
    is_new_place: bool

    @property
    def is_new(self) -> bool:
        return self.is_new_device or self.is_new_place


async def note_sighting(
    session: AsyncSession,
    person_id: str,
    device_token: str | None,
    whereabouts: Whereabouts,
    now: datetime,
) -> Sighting:
    """Remembers device and place. An unknown device gets a token of its own."""
    is_known = await is_known_device(session, person_id, device_token)
    token = device_token if device_token is not None and is_known else new_token()
    is_new_place = False
    if whereabouts.country or whereabouts.city:
        place = _fingerprint("place", f"{whereabouts.country}\0{whereabouts.city}")
        is_new_place = not await _is_known(session, person_id, place)
        await _remember(session, person_id, place, now)
    await _remember(session, person_id, _fingerprint("device", token), now)
    await _forget_surplus(session, person_id)
    return Sighting(token, not is_known, is_new_place)


async def is_known_device(
    session: AsyncSession, person_id: str | None, device_token: str | None
) -> bool:
    """Whether the person signed in from the device before; asks in any case, known or not."""
    fingerprint = _fingerprint("device", device_token or "")
    return await _is_known(session, person_id or "", fingerprint) and bool(device_token)


async def _is_known(session: AsyncSession, person_id: str, fingerprint: str) -> bool:
    found = await session.scalar(
        select(
            exists().where(
                KnownDeviceRow.person == person_id, KnownDeviceRow.fingerprint == fingerprint
            )
        )
    )
    return bool(found)


async def _remember(session: AsyncSession, person_id: str, fingerprint: str, now: datetime) -> None:
    await session.execute(
        insert_into(session, KnownDeviceRow)
        .values(person=person_id, fingerprint=fingerprint, first_seen_at=now, last_seen_at=now)
        .on_conflict_do_update(
            index_elements=[KnownDeviceRow.person, KnownDeviceRow.fingerprint],
            set_={"last_seen_at": now},
        )
    )


async def _forget_surplus(session: AsyncSession, person_id: str) -> None:
    known = await session.scalar(select(func.count()).where(KnownDeviceRow.person == person_id))
    surplus = (known or 0) - MAX_KNOWN
    if surplus <= 0:
        return
    oldest = (
        select(KnownDeviceRow.fingerprint)
        .where(KnownDeviceRow.person == person_id)
        .order_by(KnownDeviceRow.last_seen_at, KnownDeviceRow.fingerprint)
        .limit(surplus)
    )
    await session.execute(
        delete(KnownDeviceRow).where(
            KnownDeviceRow.person == person_id, KnownDeviceRow.fingerprint.in_(oldest)
        )
    )


def _fingerprint(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}:{text}".encode("utf-8", "surrogatepass")).hexdigest()
