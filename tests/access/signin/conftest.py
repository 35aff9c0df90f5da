"""Fixtures: the door of a service, on a real metadata store and a clock that is moved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from litestar import Litestar, Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath
from sqlalchemy import select

from tests.engine import Clock
from trailkeeper.access.allow_list import AllowLists
from trailkeeper.access.guard import note_refusal, requires
from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.organizations import create_organization
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.members import MemberStatus, add_member, create_person
from trailkeeper.access.recorder import Recorder
from trailkeeper.access.signin.attempts import Attempts
from trailkeeper.access.signin.devices import Whereabouts
from trailkeeper.access.signin.gate import Gate
from trailkeeper.access.signin.jobs import run_sign_in_jobs
from trailkeeper.access.signin.passwords import Passwords
from trailkeeper.access.signin.reset import PasswordResets
from trailkeeper.access.signin.routes import ROUTES
from trailkeeper.access.signin.sessions import SessionPolicy, Sessions
from trailkeeper.access.strict import StrictRequest
from trailkeeper.access.trail import Requester
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, Principal, system_tenant
from trailkeeper.problem import problem_handlers
from trailkeeper.settings import Network, Settings
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.outbox import RECORD_EVENT
from trailkeeper.store.tables import JobRow

URL = "https://audit.example.com"
SECRET_KEY = "a secret key for tests, 32+ characters"
PASSWORD = "grünes Fahrrad am Kanal 7"
ANOTHER = "orange kettles sing in winter"
ACME = OrganizationId("acme")
OTHER = OrganizationId("other")
ADA = "ada@example.com"

BERLIN = Whereabouts("DE", "Berlin", "Firefox on Linux")

Json = dict[str, Any]


@get("/people-only", guards=[requires(Permission.USER_VIEW)])
async def viewed(request: Request[Principal, Any, State]) -> str:
    return request.user.actor


@post("/changed", guards=[requires(Permission.EVENT_WRITE)], status_code=200)
async def changed(request: Request[Principal, Any, State]) -> str:
    return request.user.actor


@get("/own/{user_id:str}", guards=[requires(Permission.USER_VIEW, or_own="user_id")])
async def own(user_id: FromPath[str]) -> str:
    return user_id


@dataclass
class Place:
    """Where requests seem to come from: set by the test."""

    whereabouts: Whereabouts = BERLIN

    def __call__(self, address: str | None, user_agent: str) -> Whereabouts:
        return self.whereabouts


@dataclass
class Monotonic:
    """The caches' clock: it runs with the other one."""

    clock: Clock

    def __call__(self) -> float:
        return self.clock().timestamp()


@dataclass
class Door:
    """The sign-in of a running service, as its tests use it."""

    metadata: Metadata
    clock: Clock
    passwords: Passwords
    settings: Settings
    place: Place = field(default_factory=Place)
    sessions: Sessions = field(init=False)
    resets: PasswordResets = field(init=False)
    app: Litestar = field(init=False)

    def __post_init__(self) -> None:
        self.sessions = self.new_sessions()
        self.resets = PasswordResets(
            self.metadata,
            self.passwords,
            Attempts(self.metadata),
            self.place,
            self.settings.public_url,
            self.clock,
        )
        self.app = self.new_app()

    def new_sessions(self) -> Sessions:
        """As another process of the service would have them."""
        return Sessions(
            self.metadata,
            SECRET_KEY,
            self.clock,
            policy=SessionPolicy(public_url=self.settings.public_url),
            locate=self.place,
            monotonic=Monotonic(self.clock),
        )

    def new_app(self) -> Litestar:
        return Litestar(
            [*ROUTES, viewed, changed, own],
            exception_handlers=problem_handlers(),
            after_exception=[note_refusal],
            request_class=StrictRequest,
            logging_config=None,
            openapi_config=None,
            state=State(
                {
                    "metadata": self.metadata,
                    "settings": self.settings,
                    "clock": self.clock,
                    "keys": KeyRing(self.metadata, SECRET_KEY),
                    "allow_lists": AllowLists(self.metadata, Monotonic(self.clock)),
                    "recorder": Recorder(self.metadata, self.clock),
                    "passwords": self.passwords,
                    "sessions": self.sessions,
                    "resets": self.resets,
                }
            ),
        )

    def behind(self, *proxies: Network) -> Door:
        """The same service with trusted proxies."""
        settings = replace(self.settings, trusted_proxies=proxies)
        return Door(self.metadata, self.clock, self.passwords, settings, self.place)

    @asynccontextmanager
    async def browser(self, peer: str = "203.0.113.7") -> AsyncIterator[Browser]:
        transport = httpx2.ASGITransport(
            app=self.app,  # type: ignore[arg-type]
            client=(peer, 1234),
        )
        headers = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}
        async with httpx2.AsyncClient(transport=transport, base_url=URL, headers=headers) as client:
            yield Browser(client)

    async def add_person(
        self,
        email: str = ADA,
        role: str = "ADMIN",
        organization: OrganizationId = ACME,
        user_id: str = "ada",
        password_hash: str | None = None,
    ) -> str:
        """An active member with an account; returns the person's id."""
        async with self.metadata.transaction() as session:
            person = await create_person(
                session, email, now=self.clock(), password_hash=password_hash
            )
        await self.add_membership(person.id, email, role, organization, user_id)
        return person.id

    async def add_membership(
        self, person_id: str, email: str, role: str, organization: OrganizationId, user_id: str
    ) -> None:
        async with self.metadata.transaction() as session:
            await add_member(
                session,
                system_tenant(organization),
                user_id=user_id,
                editor=Editor(Requester()),
                now=self.clock(),
                status=MemberStatus.ACTIVE,
                name=user_id.title(),
                email=email,
                role=role,
                person=person_id,
            )

    async def work(self) -> None:
        """What runs in the background."""
        while await run_sign_in_jobs(self.metadata, self.resets, self.clock):
            pass

    async def events(self, *actions: str) -> list[Json]:
        """The recorded events with these actions, oldest first; `organization` beside."""
        found = [
            {**row.payload, "organization": row.organization}
            for row in await self._jobs(RECORD_EVENT)
        ]
        return [each for each in found if not actions or each["action"] in actions]

    async def mails(self) -> list[Json]:
        """The queued mails, oldest first."""
        return [dict(row.payload["mail"]) for row in await self._jobs("send_mail")]

    async def _jobs(self, kind: str) -> list[JobRow]:
        async with self.metadata.reading() as session:
            rows = await session.scalars(
                select(JobRow).where(JobRow.kind == kind).order_by(JobRow.id)
            )
            return list(rows)


@dataclass
class Browser:
    """A browser with its cookies; sends the CSRF token as the console does."""

    client: httpx2.AsyncClient
    csrf_token: str = ""

    async def sign_in(self, email: str = ADA, password: str = PASSWORD, **more: Any) -> Json:
        """Has to succeed."""
        answer = await self.try_sign_in(email, password, **more)
        assert answer.status_code == 200, answer.text
        view: Json = answer.json()
        if view["me"] is not None:
            self.csrf_token = view["me"]["csrf_token"]
        return view

    async def try_sign_in(
        self, email: str = ADA, password: str = PASSWORD, **more: Any
    ) -> httpx2.Response:
        return await self.post("/sign-in", {"email": email, "password": password, **more})

    async def post(self, path: str, body: Json | None = None, /, **headers: str) -> httpx2.Response:
        return await self.request("POST", path, body, **headers)

    async def delete(self, path: str) -> httpx2.Response:
        return await self.request("DELETE", path)

    async def request(
        self, method: str, path: str, body: Json | None = None, /, **headers: str
    ) -> httpx2.Response:
        sent = {"X-CSRF-Token": self.csrf_token} if self.csrf_token else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.request(method, path, json=body, headers=sent)

    async def get(self, path: str, /, **headers: str) -> httpx2.Response:
        return await self.client.get(path, headers=headers)

    @property
    def token(self) -> str:
        """The session's token, as the cookie has it."""
        return self.client.cookies.get("__Host-trailkeeper") or ""


@pytest.fixture(scope="session")
def passwords() -> Iterator[Passwords]:
    """The real ones: 23 ms a hash."""
    opened = Passwords()
    # Tests guess more often than the bound allows; it has tests of its own.
    opened.gate = Gate(burst=1e9)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def password_hash() -> str:
    hasher = Passwords()
    hashed = asyncio.run(hasher.hash(PASSWORD))
    hasher.close()
    return hashed


@pytest.fixture
async def door(metadata: Metadata, passwords: Passwords) -> Door:
    """A service with the organizations `acme` and `other`, and nobody in them."""
    clock = Clock()
    async with metadata.transaction() as session:
        for organization in (ACME, OTHER):
            await create_organization(
                session, organization.title(), retention_days=90, now=clock(), id=organization
            )
    settings = Settings(data=Path("unused"), public_url=URL)
    return Door(metadata, clock, passwords, settings)


@pytest.fixture
async def ada(door: Door, password_hash: str) -> str:
    """Ada, an ADMIN of acme; her account's id."""
    return await door.add_person(password_hash=password_hash)


def code_of(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


HOUR = timedelta(hours=1)
