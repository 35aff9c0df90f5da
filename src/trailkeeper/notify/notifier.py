"""The notifier: fans alerts out and sends what is due, for as long as it runs.

What it does itself is kept in the table of deliveries and in the server's log, and never
recorded in an organization's log: a rule could find it there, and its alert would make more of
the same. Only what people do to channels, settings and deliveries is on the record.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog

from trailkeeper import telemetry
from trailkeeper.access.organizations import get_organization
from trailkeeper.access.seal import Sealer
from trailkeeper.errors import Conflict, NotFound, TrailkeeperError, Unavailable
from trailkeeper.event import OrganizationId
from trailkeeper.notify.alert import ALERT, from_payload
from trailkeeper.notify.channels.base import ChannelError, Receipt
from trailkeeper.notify.channels.open import WaysOut, open_target, target_owner
from trailkeeper.notify.claims import (
    Claim,
    channels_with_work,
    claim_next,
    mark_delivered,
    mark_failed,
    release_claims,
)
from trailkeeper.notify.deliveries import DELIVERIES, DeliveryState
from trailkeeper.notify.escalate import IsUnacknowledged, escalate_due
from trailkeeper.notify.fanout import fan_out
from trailkeeper.notify.message import Message, ordered
from trailkeeper.principal import system_tenant
from trailkeeper.store.jobs import Job, claim, complete, fail, release
from trailkeeper.store.metadata import Metadata

FAN_OUT_LEASE: Final = timedelta(minutes=1)
FAN_OUT_BATCH: Final = 20
POLL_SECONDS: Final = 0.5
"""How often to look for what other processes made due: commits of this one are heard of."""

ESCALATE_SECONDS: Final = 5.0
"""How late an escalation may be."""

log = structlog.get_logger(__name__)


@dataclass
class Notifier:
    """One in each process; several share the work. `public_url` is where links lead."""

    metadata: Metadata
    sealer: Sealer
    ways: WaysOut
    is_unacknowledged: IsUnacknowledged
    public_url: str
    clock: Callable[[], datetime]
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _lanes: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.metadata.on_commit(self._hear)

    async def take_over(self) -> None:
        """Makes due at once what a process that was killed had claimed. No other MUST run."""
        async with self.metadata.transaction() as session:
            await release(session, [ALERT])
            await release_claims(session, self.clock())

    async def run(self) -> None:
        """Until cancelled. A channel's own lane ends when it has nothing due."""
        escalated_at = 0.0
        async with asyncio.TaskGroup() as lanes:
            while True:
                self._woken.clear()
                try:
                    await self.fan_out_all()
                    await self._open_lanes(lanes)
                    if time.monotonic() - escalated_at >= ESCALATE_SECONDS:
                        escalated_at = time.monotonic()
                        await self.escalate_all()
                except TrailkeeperError as error:
                    log.warning("telling waits", error=error.detail)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)

    async def run_until_idle(self) -> None:
        """Does all that is due now, and returns when nothing is."""
        await self.fan_out_all()
        await self.escalate_all()
        while True:
            async with self.metadata.reading() as session:
                waiting = await channels_with_work(session, self.clock())
            sent = await asyncio.gather(*(self.send_all(channel) for channel in waiting))
            if not any(sent):
                return

    async def fan_out_all(self) -> None:
        """Raises Unavailable."""
        while jobs := await claim(
            self.metadata, [ALERT], FAN_OUT_LEASE, FAN_OUT_BATCH, self.clock()
        ):
            for job in jobs:
                await self._fan_out(job)

    async def escalate_all(self) -> None:
        """Raises Unavailable."""
        count = 1
        while count:
            count = await escalate_due(self.metadata, self.is_unacknowledged, self.clock())

    async def send_all(self, channel: str) -> int:
        """Sends what is due through a channel; returns how many messages were tried.

        Raises Unavailable.
        """
        count = 0
        while True:
            async with self.metadata.transaction() as session:
                claimed = await claim_next(session, channel, self.clock())
            if claimed is None:
                return count
            count += 1
            await self._send(claimed)

    async def _fan_out(self, job: Job) -> None:
        try:
            async with self.metadata.transaction() as session:
                try:
                    alert = from_payload(job.payload)
                    tenant = system_tenant(OrganizationId(job.organization or alert.organization))
                    await fan_out(session, tenant, alert, self.clock())
                except (msgspec.ValidationError, NotFound) as error:
                    log.error("an alert reaches nobody", job=job.id, error=str(error))
                    await fail(session, job, str(error), self.clock(), permanent=True)
                    return
                await complete(session, job)
        except Conflict as error:
            log.warning("an alert took longer than its lease", job=job.id, error=error.detail)

    async def _open_lanes(self, lanes: asyncio.TaskGroup) -> None:
        async with self.metadata.reading() as session:
            waiting = await channels_with_work(session, self.clock())
        for channel in waiting:
            if channel not in self._lanes:
                lane = lanes.create_task(self._run_lane(channel), name=f"channel {channel}")
                self._lanes[channel] = lane

    async def _run_lane(self, channel: str) -> None:
        try:
            await self.send_all(channel)
        except TrailkeeperError as error:
            log.warning("a channel waits", channel=channel, error=error.detail)
        finally:
            del self._lanes[channel]

    async def _send(self, claimed: Claim) -> None:
        """The call, outside any transaction, and its mark."""
        try:
            receipt = await self._hand_over(claimed)
        except ChannelError as error:
            async with self.metadata.transaction() as session:
                state = await mark_failed(session, claimed, error, self.clock())
            if state is not None:
                telemetry.DELIVERIES.labels(kind=claimed.kind, outcome=state).inc()
            if state is DeliveryState.DEAD:
                log.error("a delivery is dead", message=claimed.message, error=error.code)
            return
        now = self.clock()
        async with self.metadata.transaction() as session:
            is_ours = await mark_delivered(session, claimed, receipt, now)
        if not is_ours:
            log.warning("a delivery took longer than its lease", message=claimed.message)
            return
        telemetry.DELIVERIES.labels(kind=claimed.kind, outcome=DeliveryState.DELIVERED).inc()
        if not claimed.is_digest:
            seconds = (now - claimed.created_at).total_seconds()
            telemetry.DELIVERY_SECONDS.labels(kind=claimed.kind).observe(seconds)

    async def _hand_over(self, claimed: Claim) -> Receipt:
        now = self.clock()
        owner = target_owner(claimed.organization, claimed.channel)
        try:
            sealed = open_target(self.sealer, owner, claimed.sealed_target)
            async with self.metadata.reading() as session:
                organization = await get_organization(session, claimed.organization)
        except (Unavailable, NotFound) as error:
            raise ChannelError(error.code, error.detail, is_permanent=False) from None
        shown = ordered(claimed.alerts)
        message = Message(
            id=claimed.message,
            organization=organization.name,
            alerts=shown,
            more=len(claimed.alerts) - len(shown),
            public_url=self.public_url,
            created_at=claimed.created_at,
            sent_at=now,
            recipient=claimed.recipient,
        )
        return await self.ways.open(sealed, now).send(message)

    def _hear(self, announced: Set[str]) -> None:
        if not announced.isdisjoint((ALERT, DELIVERIES)):
            self._woken.set()
