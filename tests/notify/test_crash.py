"""`kill -9` anywhere on the way of an alert: nothing lost, nothing twice without the same id."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.notify.conftest import Far
from tests.notify.notifying import MOMENTS
from tests.notify.room import Room
from trailkeeper.notify.targets import InAppTarget, WebhookTarget

ROOT = Path(__file__).parents[2]
ALERTS = 12
KILLS = 6


async def started(url: str, port: int, moment: str = "") -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.notify.notifying", url, str(port), moment),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )


async def end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGKILL)
    await process.communicate()


async def prepare(room: Room, far: Far) -> None:
    """A webhook, quick enough not to fold, and an inbox."""
    far.web.answers_with("/hook", 204)
    await room.person("ann")
    target = WebhookTarget(f"http://127.0.0.1:{far.web.port}/hook")
    webhook = await room.channel(target, per_minute=6000)
    inbox = await room.channel(InAppTarget())
    await room.setting(channels=[webhook.channel.id, inbox.channel.id], people=["ann"])


async def all_delivered(room: Room, seconds: float, wanted: int) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        states = await room.states()
        if len(states) == wanted and set(states) == {"delivered"}:
            return True
        await asyncio.sleep(0.05)
    return False


def told(far: Far) -> dict[str, set[str]]:
    """Detection -> the ids under which it was told."""
    found: dict[str, set[str]] = {}
    for seen in far.web.seen:
        for alert in json.loads(seen.body)["data"]["alerts"]:
            found.setdefault(alert["detection_id"], set()).add(seen.headers["webhook-id"])
    return found


async def check_each_told_once(room: Room, far: Far, detections: set[str]) -> None:
    found = told(far)
    assert set(found) == detections, "one was lost"
    assert {len(ids) for ids in found.values()} == {1}, "one was told under two ids"
    inbox = [each.content.detection_id for each in await room.inbox("ann")]
    assert sorted(inbox) == sorted(detections)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_killed_at_a_step_each_alert_is_told_under_one_id(
    room: Room, far: Far, metadata_url: str, moment: str
) -> None:
    await prepare(room, far)
    detections = {await room.raise_alert() for _ in range(3)}
    dying = await started(metadata_url, far.web.port, moment)
    await asyncio.wait_for(dying.communicate(), 30)
    assert dying.returncode == -signal.SIGKILL
    seen_before = len(far.web.seen)
    assert seen_before == (1 if moment == "before the mark" else 0)
    going_on = await started(metadata_url, far.web.port)
    try:
        assert await all_delivered(room, 30, len(detections))
    finally:
        await end(going_on)
    await check_each_told_once(room, far, detections)
    assert len(far.web.seen) == len(detections) + seen_before


@pytest.mark.slow
async def test_killed_again_and_again_nothing_is_lost(
    room: Room, far: Far, metadata_url: str
) -> None:
    await prepare(room, far)
    detections: set[str] = set()
    chance = random.Random(7)
    for _ in range(KILLS):
        process = await started(metadata_url, far.web.port)
        assert process.stdout is not None
        await asyncio.wait_for(process.stdout.readline(), 30)
        for _ in range(ALERTS // 2):
            detections.add(await room.raise_alert())
            await asyncio.sleep(chance.uniform(0, 0.05))
        await asyncio.sleep(chance.uniform(0, 0.1))
        await end(process)
    process = await started(metadata_url, far.web.port)
    try:
        assert await all_delivered(room, 40, len(detections))
    finally:
        await end(process)
    await check_each_told_once(room, far, detections)
