"""Tickets: what must survive between two requests of one sign-in (factor, passkey, OIDC)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.signin.tables import TicketRow
from trailkeeper.access.tokens import hash_token, new_token

LIFETIME: Final = timedelta(minutes=10)


class TicketPurpose(StrEnum):
    SECOND_FACTOR = "second_factor"
    PASSKEY_SIGN_IN = "passkey_sign_in"
    PASSKEY_ENROLMENT = "passkey_enrolment"
    OIDC = "oidc"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A taken ticket: whom it is about, and what was to be remembered."""

    purpose: TicketPurpose
    person: str | None
    organization: str | None
    payload: Mapping[str, Any]


async def issue_ticket(
    session: AsyncSession,
    purpose: TicketPurpose,
    *,
    now: datetime,
    person: str | None = None,
    organization: str | None = None,
    payload: Mapping[str, Any] | None = None,
    lifetime: timedelta = LIFETIME,
) -> str:
    """The ticket's token, known to its holder alone."""
    token = new_token()
    session.add(
        TicketRow(
            token_hash=hash_token(token),
            purpose=purpose,
            person=person,
            organization=organization,
            payload=dict(payload or {}),
            expires_at=now + lifetime,
        )
    )
    await session.flush()
    return token


async def take_ticket(
    session: AsyncSession, purpose: TicketPurpose, token: str, now: datetime
) -> Ticket | None:
    """Takes a ticket out: of two who come with the same token, one gets it. None: no such."""
    row = (
        await session.execute(
            delete(TicketRow)  # tenant-scope: by its holder's token
            .where(TicketRow.token_hash == hash_token(token), TicketRow.purpose == purpose)
            .returning(
                TicketRow.person, TicketRow.organization, TicketRow.payload, TicketRow.expires_at
            )
        )
    ).one_or_none()
    if row is None or row.expires_at <= now:
        return None
    return Ticket(purpose, row.person, row.organization, row.payload)


async def forget_expired_tickets(session: AsyncSession, now: datetime) -> None:
    """Housekeeping, for all organizations."""
    await session.execute(
        delete(TicketRow).where(TicketRow.expires_at <= now)  # tenant-scope: expired, of all
    )
