"""What `user` does on the server's own machine, as `local_keys` does for `key`.

Each change is on the record of the organization as the operator's doing. A running server
notices a change of role or status within seconds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import get_organization
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.invitations import Invitee, invite
from trailkeeper.access.people.listing import (
    DirectoryUser,
    SortOrder,
    UserFilter,
    UserSort,
    list_directory,
)
from trailkeeper.access.people.members import Member, MemberStatus, set_role
from trailkeeper.access.people.standing import disable_member, enable_member
from trailkeeper.cli.local import Document, on_metadata
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.settings import Settings

PAGE_USERS = 1000


def users(
    settings: Settings,
    organization_id: str,
    search: str | None,
    roles: Sequence[str],
    statuses: Sequence[str],
    sort: str,
) -> list[Document]:
    """All that match; without the events of 30 days, which the running server counts."""
    by = UserSort(sort)
    wanted = UserFilter(
        search, frozenset(roles), frozenset(MemberStatus(each) for each in statuses)
    )

    async def work(session: AsyncSession) -> list[DirectoryUser]:
        tenant = await _tenant(session, organization_id)
        found: list[DirectoryUser] = []
        cursor: str | None = None
        while True:
            users, cursor = await list_directory(
                session,
                tenant,
                wanted=wanted,
                sort=by,
                order=SortOrder.ASC if by is UserSort.NAME else SortOrder.DESC,
                limit=PAGE_USERS,
                cursor=cursor,
            )
            found += users
            if cursor is None:
                return found

    return [msgspec.to_builtins(user) for user in on_metadata(settings, work)]


def invited(
    settings: Settings,
    organization_id: str,
    email: str,
    name: str,
    role: str,
    user_id: str | None,
) -> Document:
    async def work(session: AsyncSession) -> Document:
        invitation = await invite(
            session,
            await _tenant(session, organization_id),
            Invitee(email, name, role, user_id),
            editor=operating(),
            public_url=settings.public_url,
            now=datetime.now(UTC),
        )
        expires_at = msgspec.to_builtins(invitation.expires_at)
        return {**_member(invitation.member), "expires_at": expires_at}

    return on_metadata(settings, work)


def with_role(settings: Settings, organization_id: str, user_id: str, role: str) -> Document:
    return _changed(
        settings,
        organization_id,
        lambda session, tenant, now: set_role(
            session, tenant, user_id, role, editor=operating(), now=now
        ),
    )


def disabled(settings: Settings, organization_id: str, user_id: str) -> Document:
    return _changed(
        settings,
        organization_id,
        lambda session, tenant, now: disable_member(
            session, tenant, user_id, editor=operating(), now=now
        ),
    )


def enabled(settings: Settings, organization_id: str, user_id: str) -> Document:
    return _changed(
        settings,
        organization_id,
        lambda session, tenant, now: enable_member(
            session, tenant, user_id, editor=operating(), now=now
        ),
    )


def _changed(
    settings: Settings,
    organization_id: str,
    change: Callable[[AsyncSession, Tenant, datetime], Awaitable[Member]],
) -> Document:
    async def work(session: AsyncSession) -> Document:
        tenant = await _tenant(session, organization_id)
        return _member(await change(session, tenant, datetime.now(UTC)))

    return on_metadata(settings, work)


async def _tenant(session: AsyncSession, organization_id: str) -> Tenant:
    organization = await get_organization(session, OrganizationId(organization_id))
    return system_tenant(organization.id)


def _member(member: Member) -> Document:
    document: Document = msgspec.to_builtins(member)
    del document["person"]
    return {**document, "user_email": document.pop("email")}
