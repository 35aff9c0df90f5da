"""Accounts: how a human signs in, whichever organizations they belong to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.checks import checked_email
from trailkeeper.access.people.tables import PersonRow
from trailkeeper.errors import BadRequest, Conflict
from trailkeeper.store.base import insert_into

PERSON_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Person:
    """An account, by its e-mail: how a human signs in, whichever organizations they belong to."""

    id: str
    email: str
    password_hash: str | None


async def find_person(session: AsyncSession, email: str) -> Person | None:
    """The account of an e-mail, in any case. What cannot be an e-mail has none."""
    try:
        address = checked_email(email)
    except BadRequest:
        return None
    row = await session.scalar(select(PersonRow).where(PersonRow.email == address))
    return Person(row.id, row.email, row.password_hash) if row is not None else None


async def create_person(
    session: AsyncSession, email: str, *, now: datetime, password_hash: str | None = None
) -> Person:
    """Adds an account. Raises Conflict(PERSON_EXISTS), also where another was quicker."""
    email = checked_email(email)
    person_id = secrets.token_hex(PERSON_ID_BYTES)
    added = await session.scalar(
        insert_into(session, PersonRow)
        .values(
            id=person_id,
            email=email,
            password_hash=password_hash,
            password_changed_at=now if password_hash is not None else None,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(PersonRow.id)
    )
    if added is None:
        raise Conflict("PERSON_EXISTS", "There is an account with this e-mail.", field="email")
    return Person(person_id, email, password_hash)
