"""Recovery codes: ten at a time, shown once, each good for one sign-in without the factor.

Only hashes are kept. A code has 80 random bits, so it needs no slow hash: guessing from a
stolen hash is as hopeless as at the door.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.signin.tables import RecoveryCodeRow

CODES: Final = 10
FEW: Final = 3
"""With so many left, or fewer, the owner is told to make new ones."""

GROUPS: Final = 4
GROUP_LENGTH: Final = 4
ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32: no i, l, o or u, which are read or heard for another."""

MISREAD: Final = str.maketrans({"i": "1", "l": "1", "o": "0"})


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """How many codes a person has left of those made at `made_at`."""

    left: int
    made_at: datetime | None


async def renew_codes(session: AsyncSession, person_id: str, now: datetime) -> list[str]:
    """Ten new codes, to be shown this once; the ones before are void."""
    await remove_codes(session, person_id)
    codes = [new_code() for _ in range(CODES)]
    session.add_all(
        RecoveryCodeRow(person=person_id, code_hash=hash_code(person_id, code), created_at=now)
        for code in codes
    )
    await session.flush()
    return codes


async def use_code(session: AsyncSession, person_id: str, code: str, now: datetime) -> bool:
    """Uses a code up: of two who come with the same one, one gets True."""
    used = await session.scalar(
        update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.person == person_id,
            RecoveryCodeRow.code_hash == hash_code(person_id, code),
            RecoveryCodeRow.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCodeRow.person)
    )
    return used is not None


async def codes_left(session: AsyncSession, person_id: str) -> RecoveryCodes:
    left, made_at = (
        await session.execute(
            select(
                func.count().filter(RecoveryCodeRow.used_at.is_(None)),
                func.max(RecoveryCodeRow.created_at, type_=RecoveryCodeRow.created_at.type),
            ).where(RecoveryCodeRow.person == person_id)
        )
    ).one()
    return RecoveryCodes(left, made_at)


async def remove_codes(session: AsyncSession, person_id: str) -> None:
    await session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person == person_id))


def new_code() -> str:
    """Like `3f9k-0v2m-x7qa-81cd`."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def hash_code(person_id: str, code: str) -> str:
    """The same for all ways to type a code: capitals, spaces, no hyphens, O for 0, l for 1."""
    plain = "".join(each for each in code.lower() if each not in " -\t").translate(MISREAD)
    text = f"{person_id}:{plain}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()
