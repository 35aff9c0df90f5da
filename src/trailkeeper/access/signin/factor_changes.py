"""What follows from a change of somebody's factors: it is recorded, the owner is told by mail,
sessions that began under the old ones end.

An account may belong to several organizations, and each relies on how it signs in: the change
is in the log of each, under the user id that it knows the person by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.members import memberships_of
from trailkeeper.access.people.tables import PersonRow
from trailkeeper.access.signin.everywhere import record_everywhere
from trailkeeper.access.signin.factor_mail import factor_changed_mail
from trailkeeper.access.signin.factor_policy import check_may_lack
from trailkeeper.access.signin.factors import ENROLLED, Factor, second_factors_of
from trailkeeper.access.signin.passkeys import Passkey
from trailkeeper.access.signin.recovery import remove_codes, renew_codes
from trailkeeper.access.signin.sessions import end_sessions
from trailkeeper.access.signin.tables import SessionRow
from trailkeeper.access.trail import Changes, Requester, record
from trailkeeper.errors import Conflict
from trailkeeper.outbound.jobs import mail_later
from trailkeeper.outbound.templates import TwoFactorChange
from trailkeeper.principal import system_tenant


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes factors of their own: which person, in which session, from where, when."""

    person_id: str
    session_id: str
    requester: Requester
    public_url: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What an added factor brings along: with the first one, ten codes, shown this once."""

    recovery_codes: tuple[str, ...] = ()


async def lock_factors(session: AsyncSession, person_id: str) -> frozenset[Factor]:
    """Waits for other changes of the person's factors; returns those there are now.

    MUST come first in a transaction that adds or removes one: "the first" and "the last" can
    only be told where no two look before either has written.
    """
    await session.execute(
        select(PersonRow.id).where(PersonRow.id == person_id).with_for_update(key_share=True)
    )
    return await second_factors_of(session, person_id)


async def added_totp(session: AsyncSession, actor: Actor, had: frozenset[Factor]) -> Enrolled:
    """After an authenticator app was confirmed. `had` is what `lock_factors` returned."""
    await tell_owner(session, actor, TwoFactorChange.TOTP_ADDED)
    await record_change(session, actor, "TWO_FACTOR_ENABLE", Factor.TOTP)
    return await _enrolled(session, actor, had)


async def added_passkey(
    session: AsyncSession, actor: Actor, had: frozenset[Factor], passkey: Passkey
) -> Enrolled:
    await tell_owner(session, actor, TwoFactorChange.PASSKEY_ADDED)
    await record_passkey(session, actor, "CREATE", passkey)
    if not had & ENROLLED:
        await record_change(session, actor, "TWO_FACTOR_ENABLE", Factor.PASSKEY)
    return await _enrolled(session, actor, had)


async def renewed_codes(session: AsyncSession, actor: Actor) -> list[str]:
    """Makes new recovery codes for whoever has a factor. Raises Conflict(NO_SECOND_FACTOR)."""
    if not await lock_factors(session, actor.person_id) & ENROLLED:
        raise Conflict(
            "NO_SECOND_FACTOR",
            "Recovery codes stand in for a second factor, and you have none.",
            hint="Set up an authenticator app or a passkey first.",
        )
    codes = await renew_codes(session, actor.person_id, actor.now)
    await tell_owner(session, actor, TwoFactorChange.RECOVERY_CODES_RENEWED)
    await record_change(session, actor, "ROTATE", Factor.RECOVERY_CODE)
    return codes


async def removed_totp(session: AsyncSession, actor: Actor) -> None:
    """Raises Conflict(LAST_SECOND_FACTOR)."""
    await tell_owner(session, actor, TwoFactorChange.TOTP_REMOVED)
    await record_change(session, actor, "TWO_FACTOR_DISABLE", Factor.TOTP)
    await _removed(session, actor)


async def removed_passkey(session: AsyncSession, actor: Actor, passkey: Passkey) -> None:
    """Raises Conflict(LAST_SECOND_FACTOR)."""
    await tell_owner(session, actor, TwoFactorChange.PASSKEY_REMOVED)
    await record_passkey(session, actor, "DELETE", passkey)
    if not await second_factors_of(session, actor.person_id):
        await record_change(session, actor, "TWO_FACTOR_DISABLE", Factor.PASSKEY)
    await _removed(session, actor)


async def record_passkey(
    session: AsyncSession,
    actor: Actor,
    action: str,
    passkey: Passkey,
    changes: Changes | None = None,
) -> None:
    """A passkey is a resource of its own: a person may have several."""
    for member in await memberships_of(session, actor.person_id):
        await record(
            session,
            system_tenant(member.organization),
            replace(actor.requester, user_id=member.user_id, email=member.email),
            action,
            now=actor.now,
            resource_type="PASSKEY",
            resource_id=passkey.id,
            resource_name=passkey.name,
            details={"is_backed_up": passkey.is_backed_up},
            changes=changes,
        )


async def record_change(
    session: AsyncSession,
    actor: Actor,
    action: str,
    method: Factor,
    details: Mapping[str, Any] | None = None,
) -> None:
    await record_everywhere(
        session,
        actor.person_id,
        actor.requester,
        action,
        now=actor.now,
        is_by_person=True,
        details={"method": method, **(details or {})},
    )


async def tell_owner(session: AsyncSession, actor: Actor, change: TwoFactorChange) -> None:
    """To the address of the account, which is where a stranger's doing has to arrive."""
    email = await email_of(session, actor.person_id)
    mail = factor_changed_mail(email, change, actor.public_url, actor.requester, actor.now)
    await mail_later(session, mail, now=actor.now)


async def email_of(session: AsyncSession, person_id: str) -> str:
    """The address of an account."""
    return (
        await session.execute(select(PersonRow.email).where(PersonRow.id == person_id))
    ).scalar_one()


async def _enrolled(session: AsyncSession, actor: Actor, had: frozenset[Factor]) -> Enrolled:
    """With the first factor, sessions that only a password opened end: one may be a thief's."""
    await session.execute(
        update(SessionRow)  # tenant-scope: the session that the factor was just shown in
        .where(SessionRow.id == actor.session_id, SessionRow.person == actor.person_id)
        .values(has_second_factor=True)
    )
    if had & ENROLLED:
        return Enrolled()
    await end_sessions(session, actor.person_id, except_session=actor.session_id, now=actor.now)
    return Enrolled(tuple(await renew_codes(session, actor.person_id, actor.now)))


async def _removed(session: AsyncSession, actor: Actor) -> None:
    await check_may_lack(session, actor.person_id)
    await end_sessions(session, actor.person_id, except_session=actor.session_id, now=actor.now)
    if not await second_factors_of(session, actor.person_id):
        await remove_codes(session, actor.person_id)
