"""The room around single sign-on: two organizations, their people, and a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx2
from litestar import Litestar, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import select

from tests.access.oidc.real import PUBLIC_URL, SECRET, RealProviders
from trailkeeper.access.allow_list import AllowLists
from trailkeeper.access.guard import signed_in
from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.keys import create_key
from trailkeeper.access.organizations import create_organization
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.members import (
    Member,
    MemberStatus,
    add_member,
    create_person,
    find_person,
    members_with_email,
)
from trailkeeper.access.recorder import Recorder
from trailkeeper.access.seal import Sealer
from trailkeeper.access.signin.factor_routes import ROUTES as FACTOR_ROUTES
from trailkeeper.access.signin.oidc import OidcSignIn
from trailkeeper.access.signin.oidc_discovery import Providers
from trailkeeper.access.signin.oidc_routes import ROUTES, AuthenticatedRequest
from trailkeeper.access.signin.opening import SessionPolicy
from trailkeeper.access.signin.passkey_routes import ROUTES as PASSKEY_ROUTES
from trailkeeper.access.signin.sessions import Sessions
from trailkeeper.access.strict import StrictRequest
from trailkeeper.event import OrganizationId
from trailkeeper.outbound.http import OutboundClient
from trailkeeper.outbound.open import open_outbound
from trailkeeper.outbound.resolve import Resolver, resolve_by_system
from trailkeeper.outbound_settings import read_allowed
from trailkeeper.principal import Permission, system_tenant
from trailkeeper.problem import problem_handlers
from trailkeeper.settings import Settings
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.outbox import RECORD_EVENT
from trailkeeper.store.tables import JobRow

SECRET_KEY: Final = "a secret key for tests, 32+ characters"
ACME: Final = OrganizationId("acme")
OTHER: Final = OrganizationId("other")
PASSWORD_HASH: Final = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"
SESSION: Final = "__Host-trailkeeper"


@dataclass
class RunningClock:
    """The real time, as the providers have it, moved on by what a test wants."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@get("/whoami", guards=[signed_in()])
async def whoami(request: AuthenticatedRequest) -> dict[str, Any]:
    """Who the session's cookie lets in."""
    who = request.user
    return {
        "organization": who.organization,
        "user_id": who.user_id,
        "email": who.email,
        "permissions": sorted(who.permissions),
    }


PROBES: Final[list[HTTPRouteHandler]] = [
    *ROUTES,
    *FACTOR_ROUTES,
    *PASSKEY_ROUTES,
    whoami,
]


@dataclass
class OidcRoom:
    """A service with the organizations `acme` and `other`; calls may go to 127.0.0.1 alone."""

    metadata: Metadata
    clock: RunningClock = field(default_factory=RunningClock)
    allowed: str = "127.0.0.1"
    resolver: Resolver = resolve_by_system
    tokens: dict[OrganizationId, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings = Settings(
            data=Path("unused"), public_url=PUBLIC_URL, outbound_allow=read_allowed(self.allowed)
        )
        self.keys = KeyRing(self.metadata, SECRET_KEY)
        self.sealer = Sealer.from_secret_key(SECRET_KEY)
        self.outbound: OutboundClient = open_outbound(settings, self.resolver)
        self.sessions = Sessions(
            self.metadata, SECRET_KEY, self.clock, policy=SessionPolicy(public_url=PUBLIC_URL)
        )
        self.providers = Providers(self.outbound, settings.outbound_allow)
        sign_in = OidcSignIn(
            self.metadata, self.providers, self.sessions, self.sealer, PUBLIC_URL, self.clock
        )
        self.app = Litestar(
            PROBES,
            exception_handlers=problem_handlers(),
            state=State(
                {
                    "metadata": self.metadata,
                    "keys": self.keys,
                    "settings": settings,
                    "sessions": self.sessions,
                    "sealer": self.sealer,
                    "allow_lists": AllowLists(self.metadata),
                    "recorder": Recorder(self.metadata, self.clock),
                    "clock": self.clock,
                    "oidc": sign_in,
                }
            ),
            logging_config=None,
            request_class=StrictRequest,
        )

    async def open(self) -> None:
        """Each organization with a SUPER_ADMIN `ada`, who has a password."""
        async with self.metadata.transaction() as session:
            for organization in (ACME, OTHER):
                await create_organization(
                    session, organization, retention_days=90, now=self.clock(), id=organization
                )
        for organization in (ACME, OTHER):
            self.tokens[organization] = await self.new_key(organization)
            await self.add(
                "ada",
                f"ada@{organization}.test",
                role="SUPER_ADMIN",
                organization=organization,
                password_hash=PASSWORD_HASH,
            )

    async def new_key(
        self, organization: OrganizationId = ACME, permissions: frozenset[Permission] | None = None
    ) -> str:
        async with self.metadata.transaction() as session:
            issued = await create_key(
                session,
                self.keys.hasher,
                system_tenant(organization),
                "test",
                permissions or frozenset(Permission),
                now=self.clock(),
            )
        return issued.token

    async def add(
        self,
        user_id: str,
        email: str,
        *,
        role: str | None = "DEVELOPER",
        status: MemberStatus = MemberStatus.ACTIVE,
        organization: OrganizationId = ACME,
        password_hash: str | None = None,
    ) -> Member:
        """A member; an active one with an account, made unless the e-mail has one."""
        async with self.metadata.transaction() as session:
            person = None
            if status is MemberStatus.ACTIVE:
                person = await find_person(session, email) or await create_person(
                    session, email, now=self.clock(), password_hash=password_hash
                )
            return await add_member(
                session,
                system_tenant(organization),
                user_id=user_id,
                editor=operating(),
                now=self.clock(),
                status=status,
                email=email,
                role=role,
                person=person.id if person else None,
            )

    async def csrf_token(self, session_token: str) -> str:
        principal = await self.sessions.authenticate(session_token, self.clock())
        return self.sessions.csrf_token(principal.session_id or "")

    async def member(self, email: str, organization: OrganizationId = ACME) -> Member:
        async with self.metadata.reading() as session:
            [found] = await members_with_email(session, system_tenant(organization), email)
        return found

    async def events(
        self, action: str, organization: OrganizationId = ACME
    ) -> list[dict[str, Any]]:
        """What was queued for the organization's log, oldest first."""
        async with self.metadata.reading() as session:
            payloads = await session.scalars(
                select(JobRow.payload)
                .where(JobRow.kind == RECORD_EVENT, JobRow.organization == organization)
                .order_by(JobRow.id)
            )
            return [each for each in payloads if each["action"] == action]

    async def last_failure(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.events("LOGIN_FAILED"))[-1]
        assert found["status"] == "FAILED"
        assert "user_id" not in found, "who tried is not known"
        return found

    async def configure(
        self, issuer: str, organization: OrganizationId = ACME, **changes: Any
    ) -> httpx2.Response:
        """Sets single sign-on with a key that may do everything."""
        body = {
            "issuer": issuer,
            "client_id": "trailkeeper",
            "client_secret": SECRET,
            "domains": ["acme.test"],
            "default_role": "TESTER",
            **changes,
        }
        path = "/organization/single-sign-on"
        async with self.client(self.tokens[organization]) as client:
            return await client.put(path, json=body)

    def client(self, token: str | None = None, **headers: str) -> httpx2.AsyncClient:
        """A browser, or with `token` a program. Keeps cookies, follows no redirect."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        transport = httpx2.ASGITransport(
            app=self.app,  # type: ignore[arg-type]
            client=("127.0.0.1", 1234),
            raise_app_exceptions=False,
        )
        return httpx2.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=headers)


async def begin(browser: httpx2.AsyncClient, organization: str = ACME, **parameters: str) -> str:
    """Where the browser is sent to sign in."""
    query = {"organization": organization, **parameters}
    answer = await browser.get("/sign-in/oidc", params=query)
    assert answer.status_code == 302
    return str(answer.headers["location"])


async def sign_in(
    browser: httpx2.AsyncClient,
    providers: RealProviders,
    login: str,
    organization: str = ACME,
    **parameters: str,
) -> str:
    """The whole way; where the browser ends up, without the service's own address."""
    location = await begin(browser, organization, **parameters)
    if location.startswith(PUBLIC_URL):
        return location.removeprefix(PUBLIC_URL)
    back = await providers.sign_in(location, login)
    return await finish(browser, back)


async def finish(browser: httpx2.AsyncClient, back: str) -> str:
    """Brings the provider's answer; where the service sends the browser then."""
    answer = await browser.get(back)
    assert answer.status_code == 302, answer.text
    assert answer.headers["cache-control"] == "no-store"
    location = str(answer.headers["location"])
    assert location.startswith(f"{PUBLIC_URL}/")
    return location.removeprefix(PUBLIC_URL)


def query_of(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def failed(code: str) -> str:
    return f"/sign-in#error={code}"
