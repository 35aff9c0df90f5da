"""Several notifiers on one database share the work; and how soon an alert is handed over."""

from __future__ import annotations

import asyncio
import json
import time
from asyncio import StreamWriter
from dataclasses import replace
from datetime import UTC, datetime

from tests.engine import Clock, Service, in_process
from tests.notify.conftest import Far
from tests.notify.room import Room, an_alert
from tests.outbound.far_http import far_end
from trailkeeper.notify.alert import ALERT
from trailkeeper.notify.channels.base import Receipt
from trailkeeper.notify.claims import claim_next, mark_delivered, release_claims
from trailkeeper.notify.targets import SlackTarget, WebhookTarget
from trailkeeper.outbound_settings import read_allowed
from trailkeeper.settings import Settings
from trailkeeper.store.jobs import enqueue
from trailkeeper.store.metadata import Metadata


async def test_several_notifiers_tell_each_alert_once(
    room: Room, far: Far, metadata_url: str
) -> None:
    far.web.answers_with("/hook", 204)
    await room.through(WebhookTarget(room.url("/hook")), per_minute=6000)
    for _ in range(30):
        await room.raise_alert()
    stores = [Metadata.open(metadata_url) for _ in range(3)]
    notifiers = [replace(room.notifier, metadata=store, _lanes={}) for store in stores]
    for _ in range(3):
        await asyncio.gather(*(each.run_until_idle() for each in notifiers))
    for store in stores:
        await store.close()
    told = [
        alert["detection_id"]
        for seen in far.web.seen
        for alert in json.loads(seen.body)["data"]["alerts"]
    ]
    assert len(told) == len(set(told)) == 30
    assert set(await room.states()) == {"delivered"}


async def test_a_channel_sends_one_message_at_a_time(room: Room) -> None:
    issued = await room.through(SlackTarget(room.url("/hook")))
    for _ in range(2):
        await room.raise_alert()
    await room.notifier.fan_out_all()
    channel = issued.channel.id
    async with room.metadata.transaction() as session:
        first = await claim_next(session, channel, room.clock())
        assert first is not None
        assert await claim_next(session, channel, room.clock()) is None
    room.clock.advance(seconds=59)
    async with room.metadata.transaction() as session:
        assert await claim_next(session, channel, room.clock()) is None
    room.clock.advance(seconds=1)
    async with room.metadata.transaction() as session:
        again = await claim_next(session, channel, room.clock())
        assert again is not None
        assert (again.message, again.attempts) == (first.message, 2)
        # Whoever held the claim before comes too late to settle it.
        assert not await mark_delivered(session, first, Receipt(200), room.clock())
        assert await mark_delivered(session, again, Receipt(200), room.clock())


async def test_what_ran_out_of_tries_by_crashes_is_dead(room: Room) -> None:
    issued = await room.through(SlackTarget(room.url("/hook")))
    await room.raise_alert()
    await room.notifier.fan_out_all()
    claims = 0
    for _ in range(40):
        async with room.metadata.transaction() as session:
            claims += await claim_next(session, issued.channel.id, room.clock()) is not None
            await release_claims(session, room.clock())
        room.clock.advance(seconds=30)
    [row] = await room.deliveries()
    assert (row.state, claims) == ("dead", 30)
    assert (row.error or "").startswith("LEASE_EXPIRED")


async def test_an_alert_is_handed_over_within_a_second_of_its_commit(
    service_settings: Settings,
) -> None:
    """The whole service's notifier, woken by the commit."""
    settings = replace(service_settings, outbound_allow=read_allowed("127.0.0.1"))
    async with in_process(settings, Clock(datetime.now(UTC))) as service, far_end() as far:
        organization, token = await service.new_organization()
        arrived: dict[str, float] = {}

        async def take(writer: StreamWriter) -> None:
            for alert in json.loads(far.seen[-1].body)["data"]["alerts"]:
                arrived.setdefault(alert["detection_id"], time.perf_counter())
            writer.write(b"HTTP/1.1 204 X\r\n\r\n")
            await writer.drain()

        far.answers["/hook"] = take
        url = f"http://127.0.0.1:{far.port}/hook"
        await make_webhook(service, token, url)
        running = asyncio.create_task(service.services.notifier.run())
        waits = []
        for _ in range(40):
            payload = an_alert(service.clock(), organization=organization)
            async with service.services.metadata.transaction() as session:
                await enqueue(
                    session, ALERT, payload, now=service.clock(), organization=organization
                )
            committed = time.perf_counter()
            while payload["detection_id"] not in arrived:
                assert time.perf_counter() < committed + 5
                await asyncio.sleep(0.002)
            waits.append(arrived[payload["detection_id"]] - committed)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert sorted(waits)[int(len(waits) * 0.99)] < 1.0


async def make_webhook(service: Service, token: str, url: str) -> None:
    """A webhook that every alert goes through, quick enough not to fold."""
    target = {"kind": "webhook", "url": url}
    channel = {"name": "x", "target": target, "per_minute": 6000}
    async with service.client(token) as client:
        made = await client.post("/channels/", json=channel)
        assert made.status_code == 201, made.text
        setting = {"name": "x", "plan": {"channels": [made.json()["id"]]}}
        assert (await client.post("/alert-settings/", json=setting)).status_code == 201
