"""An organization's single sign-on: its provider, whom it may bring in, and as what.

Whoever writes these settings decides who anybody in the organization is, so it takes every
permission: with less, one could point the organization at a provider of one's own and come
back as its SUPER_ADMIN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.members import MemberStatus, find_member
from trailkeeper.access.people.roles import check_role_exists
from trailkeeper.access.people.tables import PersonRow
from trailkeeper.access.roles import EVERYTHING, BuiltInRole
from trailkeeper.access.seal import Sealer
from trailkeeper.access.signin.oidc_discovery import Endpoints
from trailkeeper.access.signin.oidc_schema import NewSingleSignOn
from trailkeeper.access.signin.opening import SignInMethod
from trailkeeper.access.signin.tables import OidcIdentityRow, OidcProviderRow, SessionRow
from trailkeeper.access.trail import record
from trailkeeper.errors import BadRequest, NotFound
from trailkeeper.event import OrganizationId
from trailkeeper.outbound_settings import to_mail_address
from trailkeeper.principal import Tenant

MAX_ISSUER_LENGTH: Final = 500
RECORDED: Final = (
    "issuer",
    "client_id",
    "domains",
    "role_claim",
    "role_mapping",
    "default_role",
    "is_required",
    "break_glass_user",
)


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """`domains` are in lower-case ASCII; the first match in `role_mapping` counts.

    `default_role` None: nobody is made just in time. `sealed_secret` opens for
    `secret_owner(organization)`.
    """

    organization: OrganizationId
    issuer: str
    client_id: str
    domains: tuple[str, ...]
    role_claim: str
    role_mapping: Mapping[str, str]
    default_role: str | None
    is_required: bool
    break_glass_user: str | None
    created_at: datetime
    updated_at: datetime
    sealed_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Saved:
    """What is set now, and the sessions that it ended: to be forgotten after the commit."""

    settings: SingleSignOn
    is_new: bool
    ended: tuple[str, ...]


def secret_owner(organization: str) -> str:
    """Whose a sealed client secret is."""
    return f"oidc:{organization}"


async def get_single_sign_on(session: AsyncSession, tenant: Tenant) -> SingleSignOn:
    """Raises NotFound(SINGLE_SIGN_ON_NOT_SET_UP)."""
    found = await find_single_sign_on(session, tenant)
    if found is None:
        raise NotFound("SINGLE_SIGN_ON_NOT_SET_UP", "The organization has no single sign-on.")
    return found


async def find_single_sign_on(session: AsyncSession, tenant: Tenant) -> SingleSignOn | None:
    row = await _row(session, tenant)
    return _to_settings(row) if row is not None else None


async def save_single_sign_on(
    session: AsyncSession,
    tenant: Tenant,
    wanted: NewSingleSignOn,
    *,
    editor: Editor,
    sealer: Sealer,
    endpoints: Endpoints,
    now: datetime,
) -> Saved:
    """Sets all of it and records what changed. Without `client_secret` the stored one stays,
    for as long as issuer and client do: another issuer must not be told it.

    Raises Forbidden(PERMISSIONS_TOO_WIDE), or BadRequest naming the field: INVALID_ISSUER,
    INVALID_DOMAIN, ROLE_UNKNOWN, CLIENT_SECRET_NEEDED, BREAK_GLASS_NEEDED,
    BREAK_GLASS_UNSUITABLE.
    """
    editor.check_covers(EVERYTHING)
    await lock_people(session, tenant)
    row = await _row(session, tenant)
    before = _to_settings(row) if row is not None else None
    if not endpoints.is_safe(wanted.issuer) or not _is_issuer(wanted.issuer):
        raise _wrong(
            "INVALID_ISSUER",
            "The issuer is no https address without query.",
            "issuer",
            hint="Write it exactly as the provider does, e.g. https://login.example.com.",
        )
    await _check_roles(session, tenant, wanted)
    await _check_break_glass(session, tenant, wanted)
    sealed = _sealed_secret(wanted, before, sealer, tenant)
    if row is None:
        row = OidcProviderRow(organization=tenant.organization, created_at=now)
        session.add(row)
    row.issuer, row.client_id, row.sealed_secret = wanted.issuer, wanted.client_id, sealed
    row.domains = _checked_domains(wanted.domains)
    row.role_claim = wanted.role_claim
    row.role_mapping = dict(wanted.role_mapping)
    row.default_role = wanted.default_role
    row.is_required = wanted.is_required
    row.break_glass_user = wanted.break_glass_user
    row.updated_at = now
    await session.flush()
    after = _to_settings(row)
    ended = await _end_outdated(session, tenant, before, after, editor, now)
    await _record_saved(session, tenant, before, after, editor, len(ended), now)
    return Saved(after, before is None, ended)


async def delete_single_sign_on(
    session: AsyncSession, tenant: Tenant, *, editor: Editor, now: datetime
) -> tuple[str, ...]:
    """Forgets the provider and whom it knew, ends its sessions and returns their ids.

    Raises NotFound(SINGLE_SIGN_ON_NOT_SET_UP).
    """
    await lock_people(session, tenant)
    before = await get_single_sign_on(session, tenant)
    await session.execute(delete(OidcIdentityRow).where(tenant.owns(OidcIdentityRow.organization)))
    await session.execute(delete(OidcProviderRow).where(tenant.owns(OidcProviderRow.organization)))
    ended = await _end_sessions(
        session, tenant, SessionRow.method == SignInMethod.OIDC, editor, now
    )
    await record(
        session,
        tenant,
        editor.requester,
        "DELETE",
        now=now,
        resource_type="SINGLE_SIGN_ON",
        resource_id=before.issuer,
        details={**_recorded(before), "ended_sessions": len(ended)},
    )
    return ended


def _is_issuer(issuer: str) -> bool:
    return len(issuer) <= MAX_ISSUER_LENGTH and "?" not in issuer


def _checked_domains(domains: list[str]) -> list[str]:
    checked = []
    for domain in domains:
        try:
            address = to_mail_address(f"somebody@{domain.strip().lower()}")
        except ValueError:
            raise _wrong(
                "INVALID_DOMAIN",
                f"{domain[:64]!r} is not the domain of an e-mail address.",
                "domains",
                hint="Write e.g. example.com.",
            ) from None
        checked.append(address.rpartition("@")[2])
    return sorted(set(checked))


async def _check_roles(session: AsyncSession, tenant: Tenant, wanted: NewSingleSignOn) -> None:
    roles = dict.fromkeys(wanted.role_mapping.values(), "role_mapping")
    if wanted.default_role is not None:
        roles[wanted.default_role] = "default_role"
    for role, named_in in roles.items():
        try:
            await check_role_exists(session, tenant, role)
        except BadRequest as error:
            raise BadRequest(
                error.code, error.detail, field=named_in, expected=error.expected
            ) from None


async def _check_break_glass(
    session: AsyncSession, tenant: Tenant, wanted: NewSingleSignOn
) -> None:
    if wanted.break_glass_user is None:
        if wanted.is_required:
            raise _wrong(
                "BREAK_GLASS_NEEDED",
                "Where single sign-on is required, one SUPER_ADMIN keeps a password.",
                "break_glass_user",
                hint="Name the user id of one: the way in while the provider is down.",
            )
        return
    member = await find_member(session, tenant, wanted.break_glass_user)
    is_suitable = (
        member is not None
        and member.status is MemberStatus.ACTIVE
        and member.role == BuiltInRole.SUPER_ADMIN
        and await _has_password(session, member.person)
    )
    if not is_suitable:
        raise _wrong(
            "BREAK_GLASS_UNSUITABLE",
            "This is not the user id of an active SUPER_ADMIN who has a password.",
            "break_glass_user",
        )


async def _has_password(session: AsyncSession, person_id: str | None) -> bool:
    found = await session.scalar(
        select(PersonRow.id).where(PersonRow.id == person_id, PersonRow.password_hash.is_not(None))
    )
    return found is not None


def _sealed_secret(
    wanted: NewSingleSignOn, before: SingleSignOn | None, sealer: Sealer, tenant: Tenant
) -> str:
    if wanted.client_secret is not None:
        return sealer.seal(wanted.client_secret, secret_owner(tenant.organization))
    if before is None or (before.issuer, before.client_id) != (wanted.issuer, wanted.client_id):
        raise _wrong(
            "CLIENT_SECRET_NEEDED",
            "A new issuer or client needs its secret.",
            "client_secret",
        )
    return before.sealed_secret


async def _end_outdated(
    session: AsyncSession,
    tenant: Tenant,
    before: SingleSignOn | None,
    after: SingleSignOn,
    editor: Editor,
    now: datetime,
) -> tuple[str, ...]:
    """Sessions that could not be opened any more: of another issuer, or by password where
    single sign-on is required from now on. The editor's own stays, to undo what goes wrong.
    """
    outdated: list[ColumnElement[bool]] = []
    if before is not None and before.issuer != after.issuer:
        outdated.append(SessionRow.method == SignInMethod.OIDC)
    if after.is_required:
        outdated.append(
            (SessionRow.method != SignInMethod.OIDC)
            & (SessionRow.user_id != after.break_glass_user)
        )
    if not outdated:
        return ()
    return await _end_sessions(session, tenant, or_(*outdated), editor, now)


async def _end_sessions(
    session: AsyncSession,
    tenant: Tenant,
    condition: ColumnElement[bool],
    editor: Editor,
    now: datetime,
) -> tuple[str, ...]:
    own = editor.principal.session_id if editor.principal is not None else None
    ended = await session.scalars(
        update(SessionRow)
        .where(
            tenant.owns(SessionRow.organization),
            SessionRow.ended_at.is_(None),
            SessionRow.id != (own or ""),
            condition,
        )
        .values(ended_at=now)
        .returning(SessionRow.id)
    )
    return tuple(ended)


async def _record_saved(
    session: AsyncSession,
    tenant: Tenant,
    before: SingleSignOn | None,
    after: SingleSignOn,
    editor: Editor,
    ended: int,
    now: datetime,
) -> None:
    is_kept = before is not None and before.sealed_secret == after.sealed_secret
    details: dict[str, Any] = {"is_client_renewed": not is_kept, "ended_sessions": ended}
    old = _recorded(before) if before is not None else {}
    new = _recorded(after)
    await record(
        session,
        tenant,
        editor.requester,
        "CREATE" if before is None else "UPDATE",
        now=now,
        resource_type="SINGLE_SIGN_ON",
        resource_id=after.issuer,
        details={**details, **new} if before is None else details,
        changes={name: (old[name], new[name]) for name in RECORDED} if before else None,
    )


def _recorded(settings: SingleSignOn) -> dict[str, Any]:
    """All but the secret, JSON-ready."""
    told = {name: getattr(settings, name) for name in RECORDED}
    return {**told, "domains": list(settings.domains), "role_mapping": dict(settings.role_mapping)}


async def _row(session: AsyncSession, tenant: Tenant) -> OidcProviderRow | None:
    return await session.scalar(
        select(OidcProviderRow).where(tenant.owns(OidcProviderRow.organization))
    )


def _to_settings(row: OidcProviderRow) -> SingleSignOn:
    return SingleSignOn(
        organization=OrganizationId(row.organization),
        issuer=row.issuer,
        client_id=row.client_id,
        domains=tuple(row.domains),
        role_claim=row.role_claim,
        role_mapping=dict(row.role_mapping),
        default_role=row.default_role,
        is_required=row.is_required,
        break_glass_user=row.break_glass_user,
        created_at=row.created_at,
        updated_at=row.updated_at,
        sealed_secret=row.sealed_secret,
    )


def _wrong(code: str, detail: str, field: str, *, hint: str | None = None) -> BadRequest:
    return BadRequest(code, detail, field=field, hint=hint)
