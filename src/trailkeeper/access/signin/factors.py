"""Second factors: which ones a person has, and whether an organization wants one by now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.signin.tables import PasskeyRow, RecoveryCodeRow, TotpRow

OIDC_METHOD: Final = "oidc"
"""How a session by single sign-on began: there the provider is in charge of factors."""


class Factor(StrEnum):
    """What a person can show beside a password."""

    TOTP = "totp"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"


ENROLLED: Final = frozenset({Factor.TOTP, Factor.PASSKEY})
"""What is set up on purpose. Recovery codes stand in for one of these and are none alone."""


async def second_factors_of(session: AsyncSession, person_id: str) -> frozenset[Factor]:
    """The factors that a person can sign in with now; empty: the password is enough.

    An authenticator app counts once it was confirmed. Recovery codes count while one is left
    and there is something that they stand in for.
    """
    row = (
        await session.execute(
            select(
                exists()
                .where(TotpRow.person == person_id, TotpRow.confirmed_at.is_not(None))
                .label("totp"),
                exists().where(PasskeyRow.person == person_id).label("passkey"),
                exists()
                .where(RecoveryCodeRow.person == person_id, RecoveryCodeRow.used_at.is_(None))
                .label("recovery_code"),
            )
        )
    ).one()
    found = {Factor(name) for name, is_there in row._asdict().items() if is_there}
    return frozenset(found) if found & ENROLLED else frozenset()


def enrolment_due(
    required_from: datetime | None, factors: Collection[Factor], method: str, now: datetime
) -> bool:
    """Whether a session is good for enrolment alone.

    `required_from` is the organization's `second_factor_required_from`, `method` is how the
    session began.
    """
    if required_from is None or now < required_from or method == OIDC_METHOD:
        return False
    return not any(factor in ENROLLED for factor in factors)
