"""From whom a provider vouches for to a member of the one organization that trusts it.

A provider's word is good inside its organization and nowhere else. Known people are found by
issuer and subject, never by e-mail. The first time, a verified e-mail of an allowed domain
leads to the member who has it, or makes one. Nothing about an account itself is changed, and an
account with credentials of its own joins no organization by a provider's word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organization_settings import MAX_NAME_LENGTH
from trailkeeper.access.people.checks import checked_email
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.members import (
    Member,
    MemberStatus,
    add_member,
    check_not_last_super_admin,
    create_person,
    find_member,
    find_person,
    member_of_person,
    member_row,
    members_with_email,
    save_changes,
    to_member,
)
from trailkeeper.access.people.roles import check_role_exists
from trailkeeper.access.signin.oidc_fault import OidcFault, OidcRefused
from trailkeeper.access.signin.oidc_provider import SingleSignOn
from trailkeeper.access.signin.oidc_tokens import Identity
from trailkeeper.access.signin.passkeys import passkeys_of
from trailkeeper.access.signin.tables import OidcIdentityRow
from trailkeeper.access.trail import Requester
from trailkeeper.errors import BadRequest, Conflict
from trailkeeper.event import Source
from trailkeeper.principal import Tenant

OPERATOR: Final = "single sign-on"
SHUT_OUT: Final = frozenset({MemberStatus.DISABLED, MemberStatus.DELETED})
NOT_IN_YET: Final = frozenset({MemberStatus.INVITED, MemberStatus.OBSERVED})
MAX_GROUPS: Final = 1000


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who comes in. `kept_role` says why a role that the mapping would take was kept."""

    member: Member
    person_id: str
    kept_role: str | None


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One sign-in that got as far as this."""

    settings: SingleSignOn
    identity: Identity
    email: str
    role: str | None
    editor: Editor
    now: datetime

    def refused(self, fault: OidcFault, detail: str, member: Member | None = None) -> OidcRefused:
        user_id = member.user_id if member is not None else ""
        return OidcRefused(fault, detail, email=self.email, user_id=user_id)

    @property
    def details(self) -> dict[str, Any]:
        return {"method": "oidc", "issuer": self.identity.issuer}


async def admit(
    session: AsyncSession,
    tenant: Tenant,
    settings: SingleSignOn,
    identity: Identity,
    requester: Requester,
    now: datetime,
) -> Admitted:
    """Finds or makes the member, in the role that the provider gives; recorded.

    Raises OidcRefused: EMAIL, DOMAIN, UNKNOWN, AMBIGUOUS, INVITATION, MISMATCH, SHUT_OUT,
    NO_ROLE.
    """
    await lock_people(session, tenant)
    email = verified_email(identity.claims, settings.domains)
    role = mapped_role(identity.claims, settings)
    if role is not None:
        role = await _existing_role(session, tenant, role, email)
    # Nobody of the organization does this: the requester is who knocks, not yet a user.
    editor = Editor(
        replace(requester, user_id="", email="", source=Source.SYSTEM, operator=OPERATOR)
    )
    arrival = _Arrival(settings, identity, email, role, editor, now)
    linked = await _linked_member(session, tenant, arrival)
    if linked is not None:
        return await _let_in(session, tenant, linked, arrival)
    member = await _member_by_email(session, tenant, arrival)
    admitted = (
        await _let_in(session, tenant, member, arrival)
        if member is not None
        else await _make(session, tenant, arrival)
    )
    session.add(
        OidcIdentityRow(
            organization=tenant.organization,
            issuer=identity.issuer,
            subject=identity.subject,
            person=admitted.person_id,
            user_id=admitted.member.user_id,
            created_at=now,
        )
    )
    await session.flush()
    return admitted


def verified_email(claims: Mapping[str, Any], domains: tuple[str, ...]) -> str:
    """The verified address, in lower case. Raises OidcRefused (EMAIL, DOMAIN)."""
    given = claims.get("email")
    attempted = given[:320] if isinstance(given, str) and given.isprintable() else ""
    # Some providers write booleans as text.
    if not attempted or claims.get("email_verified") not in (True, "true"):
        raise OidcRefused(
            OidcFault.EMAIL, "there is no e-mail that the provider verified", email=attempted
        )
    try:
        email = checked_email(attempted)
    except BadRequest:
        raise OidcRefused(OidcFault.EMAIL, "the e-mail is none", email=attempted) from None
    if email.rpartition("@")[2] not in domains:
        raise OidcRefused(OidcFault.DOMAIN, "the e-mail is of another domain", email=attempted)
    return email


def mapped_role(claims: Mapping[str, Any], settings: SingleSignOn) -> str | None:
    """The role of the first mapping that matches; None where none does."""
    held = _values(claims, settings.role_claim)
    return next((role for value, role in settings.role_mapping.items() if value in held), None)


def _values(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """The texts of a claim, which may lie deeper: `realm_access.roles`."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    values = found if isinstance(found, list) else [found]
    return frozenset(each for each in values[:MAX_GROUPS] if isinstance(each, str))


async def _existing_role(session: AsyncSession, tenant: Tenant, role: str, email: str) -> str:
    try:
        await check_role_exists(session, tenant, role)
    except BadRequest:
        raise OidcRefused(
            OidcFault.NO_ROLE, "the role of the mapping is no longer there", email=email
        ) from None
    return role


async def _linked_member(session: AsyncSession, tenant: Tenant, arrival: _Arrival) -> Member | None:
    """The member that this subject has signed in as before."""
    row = await session.scalar(
        select(OidcIdentityRow).where(
            tenant.owns(OidcIdentityRow.organization),
            OidcIdentityRow.issuer == arrival.identity.issuer,
            OidcIdentityRow.subject == arrival.identity.subject,
        )
    )
    if row is None:
        return None
    member = await find_member(session, tenant, row.user_id)
    if member is None or member.status in SHUT_OUT:
        raise arrival.refused(OidcFault.SHUT_OUT, "the member was disabled or deleted", member)
    if member.person not in (None, row.person):
        raise arrival.refused(OidcFault.MISMATCH, "the member has another account now", member)
    return member


async def _member_by_email(
    session: AsyncSession, tenant: Tenant, arrival: _Arrival
) -> Member | None:
    """The one member with the verified e-mail whom no other subject of the issuer is."""
    members = await members_with_email(session, tenant, arrival.email)
    welcome = [each for each in members if each.status not in SHUT_OUT]
    if not welcome:
        if members:
            raise arrival.refused(
                OidcFault.SHUT_OUT, "the member was disabled or deleted", members[0]
            )
        return None
    if len(welcome) > 1:
        raise arrival.refused(OidcFault.AMBIGUOUS, "several members have this e-mail")
    member = welcome[0]
    known_as = await session.scalar(
        select(OidcIdentityRow.subject)
        .where(
            tenant.owns(OidcIdentityRow.organization),
            OidcIdentityRow.issuer == arrival.identity.issuer,
            OidcIdentityRow.user_id == member.user_id,
        )
        .limit(1)
    )
    if known_as is not None:
        # An address that was given to somebody else must not bring them in as its old owner.
        raise arrival.refused(
            OidcFault.MISMATCH, "the member is another subject at the provider", member
        )
    return member


async def _let_in(
    session: AsyncSession, tenant: Tenant, member: Member, arrival: _Arrival
) -> Admitted:
    """An existing member: active from now on, in the role that is theirs from now on."""
    row = await member_row(session, tenant, member.user_id)
    before = to_member(row)
    role, kept_role = await _role_from_now_on(session, tenant, before, arrival)
    row.role = role
    if before.person is None:
        row.person = await _account(session, tenant, arrival, before)
    if before.status in NOT_IN_YET:
        row.status = MemberStatus.ACTIVE
    after = await save_changes(
        session,
        tenant,
        row,
        before,
        editor=arrival.editor,
        now=arrival.now,
        details=arrival.details,
    )
    return Admitted(after, str(after.person), kept_role)


async def _role_from_now_on(
    session: AsyncSession, tenant: Tenant, member: Member, arrival: _Arrival
) -> tuple[str, str | None]:
    """A role that the mapping names is the provider's to give and to take; any other was given
    by hand and stays until a mapping matches. The break-glass user stays what they are, and so
    does the last SUPER_ADMIN: both are the way in when the provider is wrong.
    """
    settings = arrival.settings
    is_provided = member.role in settings.role_mapping.values()
    wanted = arrival.role
    if wanted is None:
        wanted = settings.default_role if is_provided or member.role is None else member.role
    if wanted == member.role and wanted is not None:
        return wanted, None
    if member.role is not None and member.user_id == settings.break_glass_user:
        return member.role, "BREAK_GLASS_USER"
    try:
        await check_not_last_super_admin(session, tenant, member)
    except Conflict as conflict:
        return str(member.role), conflict.code
    if wanted is None:
        raise arrival.refused(OidcFault.NO_ROLE, "the provider gives no role (any more)", member)
    return await _existing_role(session, tenant, wanted, arrival.email), None


async def _make(session: AsyncSession, tenant: Tenant, arrival: _Arrival) -> Admitted:
    default = arrival.settings.default_role
    if default is None:
        raise arrival.refused(OidcFault.UNKNOWN, "there is no such member, and none is made")
    role = await _existing_role(session, tenant, arrival.role or default, arrival.email)
    person_id = await _account(session, tenant, arrival, None)
    member = await add_member(
        session,
        tenant,
        user_id=f"user-{uuid4()}",
        editor=arrival.editor,
        now=arrival.now,
        status=MemberStatus.ACTIVE,
        name=_name(arrival.identity.claims),
        email=arrival.email,
        role=role,
        person=person_id,
    )
    return Admitted(member, person_id, None)


async def _account(
    session: AsyncSession, tenant: Tenant, arrival: _Arrival, member: Member | None
) -> str:
    """The account of the e-mail. One that is another member here already is not taken, nor one
    that its owner made their own elsewhere: they come in by accepting an invitation.
    """
    person = await find_person(session, arrival.email)
    if person is None:
        try:
            person = await create_person(session, arrival.email, now=arrival.now)
        except Conflict:
            # Another organization's transaction was quicker, and is committed by now.
            person = await find_person(session, arrival.email)
    if person is None:
        raise arrival.refused(OidcFault.AMBIGUOUS, "the account came and went")
    other = await member_of_person(session, tenant, person.id)
    if other is not None and (member is None or other.user_id != member.user_id):
        raise arrival.refused(OidcFault.AMBIGUOUS, "the account is another member", other)
    if person.password_hash is not None or await passkeys_of(session, person.id):
        raise arrival.refused(
            OidcFault.INVITATION, "the account has credentials of its own and was not invited"
        )
    return person.id


def _name(claims: Mapping[str, Any]) -> str:
    """What the provider calls them, if it can be a name."""
    given = claims.get("name")
    name = " ".join(given.split()) if isinstance(given, str) else ""
    return name if name.isprintable() and len(name) <= MAX_NAME_LENGTH else ""
