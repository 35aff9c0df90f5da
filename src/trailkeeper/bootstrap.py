"""First start: an organization, a key and a link to begin with, so that one command suffices."""

from __future__ import annotations

import hmac
from base64 import b32encode
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from trailkeeper.access.key_changes import KeyPlan, issue_key
from trailkeeper.access.keys import create_key
from trailkeeper.access.organizations import create_organization, list_organizations
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.members import (
    MemberStatus,
    add_member,
    create_person,
    find_member,
    find_person,
)
from trailkeeper.access.signin.setup import is_setup_needed, setup_link
from trailkeeper.demo import Person, Role, people
from trailkeeper.demo.places import write_geo
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, system_tenant
from trailkeeper.secret import load_secret_key
from trailkeeper.services import Services
from trailkeeper.settings import Settings

DEMO_ID: Final = "acme-ai"
DEMO_NAME: Final = "Acme AI"
DEMO_ZONE: Final = "Europe/Berlin"
DEMO_KEY_LIFETIME: Final = timedelta(hours=2)
DEMO_PASSWORD_CONTEXT: Final = "trailkeeper demo sign-in v1"


@dataclass(frozen=True)
class FirstKey:
    """The first organization's key, shown once."""

    organization: str
    token: str


async def ensure_first_organization(services: Services, *, demo: bool) -> FirstKey | None:
    """Makes the first organization and its key where there is none; None where there is."""
    async with services.metadata.transaction() as session:
        if await list_organizations(session):
            return None
        organization = await create_organization(
            session,
            DEMO_NAME if demo else "Default",
            retention_days=services.settings.retention_days,
            now=services.clock(),
            id=DEMO_ID if demo else "default",
            time_zone=DEMO_ZONE if demo else "UTC",
        )
        issued = await issue_key(
            session,
            services.keys.hasher,
            system_tenant(organization.id),
            operating(),
            KeyPlan(name="first key", permissions=tuple(Permission)),
            services.clock(),
        )
    return FirstKey(organization.id, issued.token)


def for_demo(settings: Settings) -> Settings:
    """The demo's addresses are made up: without a database of one's own, one that knows them."""
    settings = replace(settings, is_demo=True)
    if settings.mmdb is not None:
        return settings
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.data / "demo.mmdb"
    write_geo(path)
    return replace(settings, mmdb=path)


async def issue_demo_key(services: Services) -> str:
    """A short-lived key with which the demo loads its events through the public API."""
    async with services.metadata.transaction() as session:
        first = (await list_organizations(session))[0]
        issued = await create_key(
            session,
            services.keys.hasher,
            system_tenant(first.id),
            "demo loader",
            [Permission.EVENT_WRITE, Permission.USER_VIEW],
            now=services.clock(),
            expires_at=services.clock() + DEMO_KEY_LIFETIME,
        )
    return issued.token


async def issue_setup_link(services: Services) -> str | None:
    """A new set-up link for the first organization, for as long as nobody can sign in as
    SUPER_ADMIN; None from then on."""
    async with services.metadata.transaction() as session:
        if not await is_setup_needed(session):
            return None
        first = (await list_organizations(session))[0]
        return await setup_link(session, services.settings.public_url, first.id, services.clock())


@dataclass(frozen=True)
class DemoSignIn:
    """A ready account of the demo. It holds nothing but made-up activity."""

    role: Role
    email: str
    password: str


async def ensure_demo_people(services: Services) -> list[DemoSignIn]:
    """The demo's people as members, and an account for the first of each role.

    Passwords follow from the service's secret key: nothing has to be kept to print them at
    each start. Only in the organization that the demo made: never in somebody's own.
    """
    roster = people()
    firsts = {role: next(each for each in roster if each.role is role) for role in Role}
    secret_key = load_secret_key(services.settings)
    sign_ins = [
        DemoSignIn(role, person.email, _demo_password(secret_key, person))
        for role, person in firsts.items()
    ]
    async with services.metadata.reading() as session:
        if DEMO_ID not in [each.id for each in await list_organizations(session)]:
            return []
        if await find_person(session, sign_ins[0].email) is not None:
            return sign_ins
    hashes = {each.email: await services.passwords.hash(each.password) for each in sign_ins}
    tenant, editor, now = system_tenant(OrganizationId(DEMO_ID)), operating(), services.clock()
    async with services.metadata.transaction() as session:
        for person in roster:
            if await find_member(session, tenant, person.id) is not None:
                continue
            account = None
            if person.email in hashes:
                account = await create_person(
                    session, person.email, now=now, password_hash=hashes[person.email]
                )
            await add_member(
                session,
                tenant,
                user_id=person.id,
                editor=editor,
                now=now,
                status=MemberStatus.ACTIVE if account else MemberStatus.OBSERVED,
                name=person.name,
                email=person.email,
                role=person.role,
                person=account.id if account else None,
            )
    return sign_ins


def _demo_password(secret_key: str, person: Person) -> str:
    """`demo-` and 80 bits in four groups, which can be typed."""
    text = f"{DEMO_PASSWORD_CONTEXT}:{person.role}".encode()
    digest = b32encode(hmac.digest(secret_key.encode(), text, "sha256")).decode().lower()
    return "-".join(["demo", *(digest[start : start + 4] for start in range(0, 16, 4))])
