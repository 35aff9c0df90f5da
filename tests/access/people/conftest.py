"""Fixtures: a whole service in the process, on each kind of metadata store, with its people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from tests.access.signin.conftest import PASSWORD, URL, Browser, password_hash
from tests.engine import MEMORY_BYTES, Clock, Service, in_process
from trailkeeper.access.directory import SeenUser, upsert_seen
from trailkeeper.access.keys import create_key
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.members import MemberStatus, add_member, create_person, find_person
from trailkeeper.access.trail import Requester
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, Tenant, system_tenant
from trailkeeper.settings import Settings
from trailkeeper.store.engine import EventsEngine
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.outbox import RECORD_EVENT
from trailkeeper.store.tables import JobRow

__all__ = ["PASSWORD", "password_hash"]

Json = dict[str, Any]
SYSTEM = Editor(Requester())
PUBLIC_URL = URL


@dataclass
class House:
    """A service with one organization, `organization`, and a client for any of its keys."""

    service: Service
    organization: OrganizationId
    token: str
    password_hash: str

    @property
    def metadata(self) -> Metadata:
        return self.service.services.metadata

    @property
    def clock(self) -> Clock:
        return self.service.clock

    @property
    def tenant(self) -> Tenant:
        return system_tenant(self.organization)

    async def key(self, *permissions: Permission) -> str:
        async with self.metadata.transaction() as session:
            issued = await create_key(
                session,
                self.service.services.keys.hasher,
                self.tenant,
                "test",
                permissions,
                now=self.clock(),
            )
        return issued.token

    async def add(
        self,
        user_id: str,
        role: str | None = "DEVELOPER",
        *,
        status: MemberStatus = MemberStatus.ACTIVE,
        name: str | None = None,
        email: str | None = None,
        organization: str | None = None,
    ) -> None:
        """A member; an active one has an account whose password is `PASSWORD`."""
        email = f"{user_id}@example.com" if email is None else email
        now = self.clock()
        tenant = system_tenant(OrganizationId(organization or self.organization))
        async with self.metadata.transaction() as session:
            person = None
            if status is MemberStatus.ACTIVE:
                person = await find_person(session, email) or await create_person(
                    session, email, now=now, password_hash=self.password_hash
                )
            await add_member(
                session,
                tenant,
                user_id=user_id,
                editor=SYSTEM,
                now=now,
                status=status,
                name=user_id.title() if name is None else name,
                email=email,
                role=role,
                person=person.id if person is not None else None,
            )

    async def see(self, *users: SeenUser) -> None:
        async with self.metadata.transaction() as session:
            await upsert_seen(session, users)

    @asynccontextmanager
    async def client(self, token: str | None = None) -> AsyncIterator[httpx2.AsyncClient]:
        """With the key that may do everything, unless another is given."""
        async with self.service.client(self.token if token is None else token) as client:
            yield client

    @asynccontextmanager
    async def browser(
        self, user_id: str | None = None, password: str = PASSWORD
    ) -> AsyncIterator[Browser]:
        """A browser, signed in as a member of this organization where one is named."""
        transport = httpx2.ASGITransport(
            app=self.service.app,  # type: ignore[arg-type]
            client=("203.0.113.7", 1234),
        )
        async with httpx2.AsyncClient(transport=transport, base_url=URL) as client:
            browser = Browser(client)
            if user_id is not None:
                await browser.sign_in(
                    f"{user_id}@example.com", password, organization=self.organization
                )
            yield browser

    async def events(self, *actions: str) -> list[Json]:
        """What was put on the record so far, with these actions, the oldest first."""
        payloads = [dict(row.payload) for row in await self._jobs(RECORD_EVENT)]
        return [each for each in payloads if not actions or each["action"] in actions]

    async def mails(self) -> list[Json]:
        return [dict(row.payload["mail"]) for row in await self._jobs("send_mail")]

    async def _jobs(self, kind: str) -> list[JobRow]:
        async with self.metadata.reading() as session:
            rows = await session.scalars(
                select(JobRow)
                .where(JobRow.kind == kind, JobRow.organization == self.organization)
                .order_by(JobRow.id)
            )
            return list(rows)


@pytest.fixture
async def house(
    events_engine: EventsEngine,
    engine_dsn: str,
    metadata_url: str,
    tmp_path: Path,
    password_hash: str,
) -> AsyncIterator[House]:
    """The service, with an organization in which nobody is."""
    settings = Settings(
        data=tmp_path,
        events_dsn=engine_dsn,
        metadata_url=metadata_url,
        engine_memory_bytes=MEMORY_BYTES,
        public_url=PUBLIC_URL,
    )
    async with in_process(settings, Clock()) as service:
        organization, token = await service.new_organization()
        yield House(service, OrganizationId(organization), token, password_hash)
