"""People of an in-process service, signed in, and what a request of theirs carries."""

from __future__ import annotations

from dataclasses import dataclass

from tests.engine import Service
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.members import MemberStatus, add_member, create_person
from trailkeeper.access.signin.cookies import SESSION_COOKIE
from trailkeeper.access.signin.csrf import CSRF_HEADER
from trailkeeper.access.signin.opening import Opening, SignInMethod
from trailkeeper.access.trail import Requester
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant

ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class SomeBody:
    """A member of an organization with an account."""

    organization: OrganizationId
    user_id: str
    person_id: str


async def add_person(service: Service, organization: str, user_id: str, role: str) -> SomeBody:
    """A new, active member with this role."""
    email = f"{user_id}@{organization}.example"
    now = service.clock()
    tenant = system_tenant(OrganizationId(organization))
    async with service.services.metadata.transaction() as session:
        person = await create_person(session, email, now=now)
        await add_member(
            session,
            tenant,
            user_id=user_id,
            editor=operating(),
            now=now,
            status=MemberStatus.ACTIVE,
            name=user_id,
            email=email,
            role=role,
            person=person.id,
        )
    return SomeBody(tenant.organization, user_id, person.id)


async def sign_in(service: Service, somebody: SomeBody) -> dict[str, str]:
    """The headers of a new session, also those of unsafe methods."""
    sessions = service.services.sessions
    opening = Opening(
        person_id=somebody.person_id,
        organization=somebody.organization,
        user_id=somebody.user_id,
        method=SignInMethod.PASSWORD,
        has_second_factor=False,
        requester=Requester(address=ADDRESS, user_agent="tests"),
    )
    async with service.services.metadata.transaction() as session:
        opened = await sessions.open_session(session, opening, service.clock())
    return {
        "Cookie": f"{SESSION_COOKIE}={opened.token}",
        CSRF_HEADER: sessions.csrf_token(opened.id),
    }
