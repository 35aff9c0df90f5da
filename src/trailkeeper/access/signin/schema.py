"""Getting in, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from trailkeeper.access.signin.factors import Factor
from trailkeeper.access.signin.tables import SessionRow
from trailkeeper.principal import Permission

Email = Annotated[str, msgspec.Meta(min_length=3, max_length=320)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
OrganizationText = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class SignInBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`organization` is an id, for those who belong to several; else it is the last used."""

    email: Email
    password: Password
    organization: OrganizationText | None = None


class ResetBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    email: Email


class ConfirmResetBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`token` is what follows the # of the mailed link."""

    token: Token
    password: Password


class ChangePasswordBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    current_password: Password
    new_password: Password


class SetupBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`token` is what follows the # of the link on the terminal."""

    token: Token
    email: Email
    name: Name
    password: Password
    organization_name: Name | None = None


class SwitchBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    organization: OrganizationText


class SetupView(msgspec.Struct, kw_only=True):
    """`needed`: nobody can sign in as SUPER_ADMIN yet. `demo`: the log shows made-up activity."""

    needed: bool
    demo: bool


class AcceptedView(msgspec.Struct, kw_only=True):
    status: Literal["accepted"] = "accepted"


class OwnOrganizationView(msgspec.Struct, kw_only=True):
    """An organization that the person may sign in to, and their role there."""

    id: str
    name: str
    time_zone: str
    role: str | None = None


class SecondFactorView(msgspec.Struct, kw_only=True):
    """What the person can show beside the password, and from when the organization wants it."""

    methods: list[Factor]
    required_from: datetime | None = None


class MeView(msgspec.Struct, kw_only=True):
    """Who asks. A key has neither session, CSRF token nor second factor; it belongs to one
    organization.

    `csrf_token` goes into the header `X-CSRF-Token` of every request that changes something.
    With `must_enroll`, nothing is open but setting up a second factor.
    """

    kind: Literal["person", "api_key"]
    organization: OwnOrganizationView
    organizations: list[OwnOrganizationView]
    name: str
    permissions: list[Permission]
    must_enroll: bool
    user_id: str | None = None
    email: str | None = None
    role: str | None = None
    key_id: str | None = None
    session_id: str | None = None
    csrf_token: str | None = None
    second_factor: SecondFactorView | None = None


class SignInView(msgspec.Struct, kw_only=True):
    """Signed in: `me`, and a cookie. Or a second factor is needed: `ticket`, and no cookie yet."""

    status: Literal["signed_in", "second_factor_needed"]
    me: MeView | None = None
    ticket: str | None = None
    methods: list[Factor] = []


class SessionView(msgspec.Struct, kw_only=True):
    """A sign-in that still holds. Place and device are those of its beginning, '' if unknown."""

    id: str
    organization: str
    method: str
    has_second_factor: bool
    address: str
    country: str
    city: str
    device: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    is_current: bool


class SessionList(msgspec.Struct, kw_only=True):
    items: list[SessionView]


class EndedView(msgspec.Struct, kw_only=True):
    """How many sessions were ended."""

    ended: int


def to_session_view(
    row: SessionRow, current: str | None, seen_at: datetime | None = None
) -> SessionView:
    """`seen_at`: when it was last used, where that is not written yet."""
    return SessionView(
        id=row.id,
        organization=row.organization,
        method=row.method,
        has_second_factor=row.has_second_factor,
        address=row.address,
        country=row.country,
        city=row.city,
        device=row.device,
        created_at=row.created_at,
        last_seen_at=max(row.last_seen_at, seen_at or row.last_seen_at),
        expires_at=row.expires_at,
        is_current=row.id == current,
    )
