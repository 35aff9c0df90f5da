"""First run: whoever holds the link from the server's terminal becomes the first SUPER_ADMIN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organization_settings import checked_name
from trailkeeper.access.organizations import (
    OrganizationChanges,
    get_organization,
    update_organization,
)
from trailkeeper.access.people.checks import checked_email, checked_person_name
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.links import (
    LinkPurpose,
    invalid_link,
    issue_link,
    read_link,
    use_link,
)
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.members import MemberStatus, add_member, create_person
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.roles import BuiltInRole
from trailkeeper.access.signin.attempts import Attempts, Kind, address_subject
from trailkeeper.access.signin.cookies import Browser
from trailkeeper.access.signin.passwords import Passwords
from trailkeeper.access.signin.sessions import OpenedSession, Opening, Sessions, SignInMethod
from trailkeeper.access.trail import Requester, record
from trailkeeper.event import OrganizationId
from trailkeeper.outbound.links import link_to
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.store.metadata import Metadata

SETUP_PAGE: Final = "/setup"
LINK_LIFETIME: Final = timedelta(hours=24)


class FirstPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Who sets the service up. `organization_name` renames the organization."""

    token: str
    email: str
    name: str
    password: str
    organization_name: str | None = None


@dataclass(frozen=True, slots=True)
class FirstRun:
    """Set-up, over the parts that it needs."""

    metadata: Metadata
    passwords: Passwords
    attempts: Attempts
    sessions: Sessions
    clock: Callable[[], datetime]

    async def __call__(
        self, first: FirstPerson, requester: Requester, browser: Browser
    ) -> OpenedSession:
        """Makes the organization's first SUPER_ADMIN and signs them in.

        Raises NotFound(LINK_INVALID), also where somebody else was quicker; TooManyRequests;
        BadRequest (INVALID_EMAIL, INVALID_NAME, and as `check_strength` does);
        Conflict(PERSON_EXISTS).
        """
        tried = address_subject(requester.address, Kind.LINK)
        await self.attempts.charge([tried], self.clock())
        async with self.metadata.reading() as session:
            link = await read_link(session, LinkPurpose.SETUP, first.token, self.clock())
            organization = await get_organization(session, OrganizationId(link.organization or ""))
        email, name = checked_email(first.email), checked_person_name(first.name)
        new_name = organization.name
        if first.organization_name is not None:
            new_name = checked_name(first.organization_name, "organization_name")
        await self.passwords.check_strength(first.password, [email, name, new_name])
        password_hash = await self.passwords.hash(first.password)
        now = self.clock()
        tenant = system_tenant(organization.id)
        async with self.metadata.transaction() as session:
            await lock_people(session, tenant)
            await use_link(session, LinkPurpose.SETUP, first.token, now)
            if await has_super_admin(session, tenant):
                # Each start prints a link: the one that is used makes the others void.
                raise invalid_link()
            by = Requester(
                user_id=str(uuid4()),
                email=email,
                address=requester.address,
                user_agent=requester.user_agent,
                source=requester.source,
            )
            person = await create_person(session, email, now=now, password_hash=password_hash)
            await add_member(
                session,
                tenant,
                user_id=by.user_id,
                editor=Editor(by),
                now=now,
                status=MemberStatus.ACTIVE,
                name=name,
                email=email,
                role=BuiltInRole.SUPER_ADMIN,
                person=person.id,
            )
            await _rename(session, tenant, organization.name, new_name, by, now)
            opening = Opening(
                person_id=person.id,
                organization=organization.id,
                user_id=by.user_id,
                method=SignInMethod.SETUP,
                has_second_factor=False,
                requester=requester,
                browser=browser,
            )
            return await self.sessions.open_session(session, opening, now)


async def setup_link(
    session: AsyncSession, public_url: str, organization: OrganizationId, now: datetime
) -> str:
    """A new link, good for a day, to be shown to the operator alone."""
    token = await issue_link(
        session,
        LinkPurpose.SETUP,
        organization=organization,
        lifetime=LINK_LIFETIME,
        now=now,
    )
    return f"{link_to(public_url, SETUP_PAGE)}#{token}"


async def has_super_admin(session: AsyncSession, tenant: Tenant) -> bool:
    """Whether somebody can sign in to the organization as SUPER_ADMIN."""
    found = await session.scalar(
        select(
            exists().where(
                tenant.owns(MemberRow.organization),
                MemberRow.role == BuiltInRole.SUPER_ADMIN,
                MemberRow.status == MemberStatus.ACTIVE,
                MemberRow.person.is_not(None),
            )
        )
    )
    return bool(found)


async def is_setup_needed(session: AsyncSession) -> bool:
    """Whether nobody at all can sign in as SUPER_ADMIN yet."""
    found = await session.scalar(
        select(  # tenant-scope: of no organization in particular
            exists().where(
                MemberRow.role == BuiltInRole.SUPER_ADMIN,
                MemberRow.status == MemberStatus.ACTIVE,
                MemberRow.person.is_not(None),
            )
        )
    )
    return not found


async def _rename(
    session: AsyncSession, tenant: Tenant, old: str, new: str, by: Requester, now: datetime
) -> None:
    if old == new:
        return
    await update_organization(session, tenant.organization, OrganizationChanges(name=new))
    await record(
        session,
        tenant,
        by,
        "UPDATE",
        now=now,
        resource_type="ORGANIZATION",
        resource_id=tenant.organization,
        resource_name=new,
        changes={"name": (old, new)},
    )
