"""The room of telling as its tests use it: real stores, a far end on loopback, its own clock."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.access.conftest import SECRET_KEY, client_of, make_app
from tests.outbound.far_http import FarEnd
from trailkeeper.access.allow_list import AllowLists
from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.keys import create_key
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.members import MemberStatus, add_member, create_person
from trailkeeper.access.recorder import Recorder
from trailkeeper.access.signin.cookies import SESSION_COOKIE
from trailkeeper.access.signin.csrf import CSRF_HEADER
from trailkeeper.access.signin.opening import Opening, SignInMethod
from trailkeeper.access.signin.sessions import SessionPolicy, Sessions
from trailkeeper.access.strict import StrictRequest
from trailkeeper.access.trail import Requester
from trailkeeper.event import OrganizationId
from trailkeeper.notify.alert import ALERT
from trailkeeper.notify.channel_changes import IssuedChannel, create_channel
from trailkeeper.notify.inbox import Notification, read_inbox
from trailkeeper.notify.notifier import Notifier
from trailkeeper.notify.plan import AlertPlan
from trailkeeper.notify.routes import ROUTES
from trailkeeper.notify.setting_changes import AlertSetting, create_setting
from trailkeeper.notify.tables import DeliveryRow
from trailkeeper.notify.targets import Target
from trailkeeper.principal import Permission, Tenant, system_tenant
from trailkeeper.settings import Settings
from trailkeeper.store.jobs import enqueue
from trailkeeper.store.metadata import Metadata

ACME = OrganizationId("acme")
OTHER = OrganizationId("other")
NOBODY = Requester()
PUBLIC_URL = "http://127.0.0.1:8080"


@dataclass
class Clock:
    """A clock that moves only when told."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass
class Acknowledged:
    """The detections that somebody has acknowledged: what the detect room would know."""

    ids: set[str] = field(default_factory=set)

    async def is_unacknowledged(
        self, session: AsyncSession, tenant: Tenant, detection_id: str
    ) -> bool:
        return detection_id not in self.ids


@dataclass
class Room:
    metadata: Metadata
    clock: Clock
    notifier: Notifier
    far: FarEnd
    acknowledged: Acknowledged

    def url(self, path: str) -> str:
        """An address at the far end, which the operator has opened."""
        return f"http://far.test:{self.far.port}{path}"

    async def channel(
        self, target: Target, organization: OrganizationId = ACME, **options: Any
    ) -> IssuedChannel:
        async with self.metadata.transaction() as session:
            return await create_channel(
                session,
                self.notifier.sealer,
                system_tenant(organization),
                NOBODY,
                options.pop("name", "a channel"),
                target,
                created_by="ann",
                now=self.clock(),
                **options,
            )

    async def setting(
        self, organization: OrganizationId = ACME, name: str = "a setting", **plan: Any
    ) -> AlertSetting:
        async with self.metadata.transaction() as session:
            return await create_setting(
                session,
                system_tenant(organization),
                NOBODY,
                name,
                AlertPlan(**plan),
                is_enabled=True,
                now=self.clock(),
            )

    async def through(self, target: Target, **options: Any) -> IssuedChannel:
        """A channel that everything goes through."""
        issued = await self.channel(target, **options)
        await self.setting(min_severity="informational", channels=[issued.channel.id])
        return issued

    async def raise_alert(self, **changes: Any) -> str:
        """Leaves the job that the detect room would leave; returns the detection's id."""
        payload = an_alert(self.clock(), **changes)
        async with self.metadata.transaction() as session:
            await enqueue(
                session,
                ALERT,
                payload,
                now=self.clock(),
                organization=payload["organization"],
            )
        return str(payload["detection_id"])

    async def tell(self, **changes: Any) -> str:
        """Raises an alert and does all that is due."""
        detection = await self.raise_alert(**changes)
        await self.notifier.run_until_idle()
        return detection

    async def deliveries(self) -> Sequence[DeliveryRow]:
        """All of them, the oldest first."""
        async with self.metadata.reading() as session:
            rows = await session.scalars(select(DeliveryRow).order_by(DeliveryRow.id))
            return list(rows)

    async def states(self) -> list[str]:
        return [row.state for row in await self.deliveries()]

    async def inbox(self, user_id: str, organization: OrganizationId = ACME) -> list[Notification]:
        async with self.metadata.reading() as session:
            page = await read_inbox(session, system_tenant(organization), user_id, limit=100)
            return page.items

    async def person(
        self, user_id: str, role: str = "ADMIN", organization: OrganizationId = ACME
    ) -> str:
        """An active member; returns the account's id."""
        email = f"{user_id}@{organization}.example"
        async with self.metadata.transaction() as session:
            person = await create_person(session, email, now=self.clock())
            await add_member(
                session,
                system_tenant(organization),
                user_id=user_id,
                editor=operating(),
                now=self.clock(),
                status=MemberStatus.ACTIVE,
                email=email,
                role=role,
                person=person.id,
            )
        return person.id

    def client(self, headers: dict[str, str]) -> httpx2.AsyncClient:
        app = make_app(self.state(), ROUTES, request_class=StrictRequest)
        client = client_of(app)
        client.headers.update(headers)
        return client

    async def key(
        self, *permissions: Permission, organization: OrganizationId = ACME
    ) -> dict[str, str]:
        """Headers of a new key, which may manage channels unless told."""
        async with self.metadata.transaction() as session:
            issued = await create_key(
                session,
                KeyRing(self.metadata, SECRET_KEY).hasher,
                system_tenant(organization),
                "test",
                permissions or (Permission.CHANNEL_MANAGE,),
                now=self.clock(),
            )
        return {"Authorization": f"Bearer {issued.token}"}

    async def signed_in(
        self, user_id: str, role: str = "ADMIN", organization: OrganizationId = ACME
    ) -> dict[str, str]:
        """Headers of a new person's session."""
        person = await self.person(user_id, role, organization)
        sessions = self._sessions()
        opening = Opening(
            person_id=person,
            organization=organization,
            user_id=user_id,
            method=SignInMethod.PASSWORD,
            has_second_factor=False,
            requester=NOBODY,
        )
        async with self.metadata.transaction() as session:
            opened = await sessions.open_session(session, opening, self.clock())
        return {
            "Cookie": f"{SESSION_COOKIE}={opened.token}",
            CSRF_HEADER: sessions.csrf_token(opened.id),
        }

    def state(self) -> dict[str, Any]:
        return {
            "metadata": self.metadata,
            "keys": KeyRing(self.metadata, SECRET_KEY),
            "settings": Settings(data=Path("unused")),
            "sessions": self._sessions(),
            "allow_lists": AllowLists(self.metadata),
            "recorder": Recorder(self.metadata, self.clock),
            "notifier": self.notifier,
            "clock": self.clock,
        }

    def _sessions(self) -> Sessions:
        return Sessions(self.metadata, SECRET_KEY, self.clock, policy=SessionPolicy())


def an_alert(now: datetime, **changes: Any) -> dict[str, Any]:
    """The payload of a job; anything may be given."""
    return {
        "organization": str(ACME),
        "detection_id": secrets.token_hex(8),
        "what": "opened",
        "rule_id": "failed-logins",
        "rule_title": "Multiple failed logins",
        "severity": "high",
        "tags": ["login"],
        "group": "ip_address 203.0.113.7",
        "count": 7,
        "first_at": (now - timedelta(minutes=5)).isoformat(),
        "last_at": now.isoformat(),
        "reasons": ["7 failed logins in 10 minutes; more than 5 raise this."],
        "evidence_ids": ["e-1", "e-2"],
        "search_link": "/explorer?q=action%3ALOGIN_FAILED&limit=50",
        **changes,
    }
