"""Codes of an authenticator app (RFC 6238): enrolled, confirmed, each good for one use.

Which time step was used last is kept, and a code counts only where its step is later. That is
one conditional UPDATE, so of two who come with the same code at once, one gets in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import pyotp
import segno
from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.seal import Sealer
from trailkeeper.access.signin.tables import TotpRow
from trailkeeper.errors import Conflict, NotFound
from trailkeeper.store.base import insert_into

ISSUER: Final = "Trailkeeper"
STEPS_OFF: Final = 1
"""How many steps of 30 s a phone's clock may be off, either way."""

ENROLMENT_LIFETIME: Final = timedelta(minutes=15)
CODE: Final = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class TotpEnrolment:
    """A secret for an authenticator app: as text, as an otpauth URI, as a QR code (data URI)."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)
    qr_svg: str = field(repr=False)
    expires_at: datetime


async def start_totp(
    session: AsyncSession, sealer: Sealer, person_id: str, label: str, now: datetime
) -> TotpEnrolment:
    """Makes a secret that counts once it is confirmed; one begun before is void.

    `label` is what the app shows for the account. Raises Conflict(TOTP_ENABLED).
    """
    secret = pyotp.random_base32()
    row = {
        "person": person_id,
        "sealed_secret": sealer.seal(secret, _owner(person_id)),
        "created_at": now,
        "confirmed_at": None,
        "last_time_code": None,
    }
    started = await session.scalar(
        insert_into(session, TotpRow)
        .values(row)
        .on_conflict_do_update(
            index_elements=[TotpRow.person], set_=row, where=TotpRow.confirmed_at.is_(None)
        )
        .returning(TotpRow.person)
    )
    if started is None:
        raise Conflict(
            "TOTP_ENABLED",
            "An authenticator app is set up already.",
            hint="Remove it first, then set up the other one.",
        )
    uri = pyotp.TOTP(secret).provisioning_uri(name=label, issuer_name=ISSUER)
    return TotpEnrolment(secret, uri, to_qr(uri), now + ENROLMENT_LIFETIME)


async def confirm_totp(
    session: AsyncSession, sealer: Sealer, person_id: str, code: str, now: datetime
) -> bool:
    """Enables the app by its first code, which is used up by it. False: a wrong code.

    Raises Conflict(TOTP_ENABLED), NotFound(TOTP_NOT_STARTED) also where it began too long ago.
    """
    row = await _row(session, person_id)
    if row is not None and row.confirmed_at is not None:
        raise Conflict("TOTP_ENABLED", "The authenticator app is set up already.")
    if row is None or row.created_at + ENROLMENT_LIFETIME <= now:
        raise NotFound(
            "TOTP_NOT_STARTED",
            "No set-up of an authenticator app is under way.",
            hint="Begin it with POST /me/totp.",
        )
    step = step_of(sealer.open(row.sealed_secret, _owner(person_id)), code, now)
    if step is None:
        return False
    confirmed = await session.scalar(
        update(TotpRow)
        .where(
            TotpRow.person == person_id,
            TotpRow.confirmed_at.is_(None),
            # Another start in between has made another secret.
            TotpRow.sealed_secret == row.sealed_secret,
        )
        .values(confirmed_at=now, last_time_code=step)
        .returning(TotpRow.person)
    )
    return confirmed is not None


async def use_totp_code(
    session: AsyncSession, sealer: Sealer, person_id: str, code: str, now: datetime
) -> bool:
    """Whether the code is right and its step, or a later one, was never used before."""
    row = await _row(session, person_id)
    if row is None or row.confirmed_at is None:
        return False
    step = step_of(sealer.open(row.sealed_secret, _owner(person_id)), code, now)
    if step is None:
        return False
    used = await session.scalar(
        update(TotpRow)
        .where(
            TotpRow.person == person_id,
            TotpRow.sealed_secret == row.sealed_secret,
            or_(TotpRow.last_time_code.is_(None), TotpRow.last_time_code < step),
        )
        .values(last_time_code=step)
        .returning(TotpRow.person)
    )
    return used is not None


async def remove_totp(session: AsyncSession, person_id: str) -> bool:
    """Removes the app, also one whose set-up is under way. Whether it was in use."""
    confirmed_at = await session.scalar(
        delete(TotpRow).where(TotpRow.person == person_id).returning(TotpRow.confirmed_at)
    )
    return confirmed_at is not None


async def totp_since(session: AsyncSession, person_id: str) -> datetime | None:
    """Since when the person's app is in use."""
    row = await _row(session, person_id)
    return row.confirmed_at if row is not None else None


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The 30 s step whose code this is, one off at most either way; None for a wrong code."""
    digits = code.replace(" ", "")
    # Only ASCII digits: the comparison would take other scripts' digits for the same.
    if not CODE.fullmatch(digits):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(
            digits, for_time=now.timestamp(), valid_window=STEPS_OFF
        )
    except pyotp.OTPVerificationError:
        return None


def to_qr(text: str) -> str:
    """A QR code as an SVG image in a data URI, dark on white whatever the page's colours are."""
    code = segno.make(text, error="m", micro=False)
    return code.svg_data_uri(scale=6, border=4, light="#fff", dark="#000")


async def _row(session: AsyncSession, person_id: str) -> TotpRow | None:
    return await session.scalar(
        select(TotpRow).where(TotpRow.person == person_id).execution_options(populate_existing=True)
    )


def _owner(person_id: str) -> str:
    return f"totp:{person_id}"
