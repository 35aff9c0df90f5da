"""Reads and refusals on the record: at once, folded within a minute, never dropped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.engine import NOON, Clock
from trailkeeper.access import recorder as recorder_module
from trailkeeper.access.organizations import create_organization
from trailkeeper.access.recorder import Recorder
from trailkeeper.access.trail import Requester
from trailkeeper.errors import Unavailable
from trailkeeper.event import OrganizationId, Source
from trailkeeper.principal import Permission, system_tenant
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.tables import JobRow

ACME = system_tenant(OrganizationId("acme"))
OTHER = system_tenant(OrganizationId("other"))
ANN = Requester("ann", "ann@acme.example", "203.0.113.7", "Firefox", Source.UI)
BOB = Requester("bob", "bob@acme.example", "203.0.113.8", "Firefox", Source.UI)
LOGINS = {"of": "events", "filter": {"action": ["LOGIN"]}, "subjects": []}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def recorder(metadata: Metadata, clock: Clock) -> Recorder:
    async with metadata.transaction() as session:
        for tenant in (ACME, OTHER):
            name = tenant.organization
            await create_organization(session, name, id=name, retention_days=90, now=NOON)
    return Recorder(metadata, clock)


def search(recorder: Recorder, requester: Requester = ANN, rows: int = 10, **changes: Any) -> None:
    details = {**LOGINS, "rows": rows, "total": 25, **changes}
    recorder.read(ACME, requester, "SEARCH", resource_type="AUDIT_LOG", details=details)


def refuse(recorder: Recorder, path: str = "/organization") -> None:
    recorder.refused(
        ACME,
        ANN,
        method="GET",
        path=path,
        code="PERMISSION_MISSING",
        permission=Permission.SETTINGS_VIEW,
    )


async def written(metadata: Metadata) -> list[dict[str, Any]]:
    """The events in the outbox, in the order of their writing."""
    async with metadata.reading() as session:
        rows = await session.scalars(select(JobRow).order_by(JobRow.id))
        return [row.payload for row in rows]


@asynccontextmanager
async def refusing(metadata: Metadata) -> AsyncIterator[None]:
    """No job row can be written in the meantime."""
    async with metadata.transaction() as session:
        await session.execute(text("ALTER TABLE jobs RENAME TO jobs_away"))
    yield
    async with metadata.transaction() as session:
        await session.execute(text("ALTER TABLE jobs_away RENAME TO jobs"))


async def test_the_first_read_is_written_whole(recorder: Recorder) -> None:
    search(recorder)
    assert await recorder.flush() == 1
    [event] = await written(recorder.metadata)
    assert event["action"] == "SEARCH"
    assert event["resource_type"] == "AUDIT_LOG"
    assert (event["user_id"], event["user_email"]) == ("ann", "ann@acme.example")
    assert (event["ip_address"], event["user_agent"]) == ("203.0.113.7", "Firefox")
    assert (event["status"], event["source"]) == ("SUCCESS", "UI")
    assert event["timestamp"] == NOON.isoformat()
    assert event["details"] == {**LOGINS, "rows": 10, "total": 25}


async def test_repeats_within_a_minute_are_one_event_with_a_count(
    recorder: Recorder, clock: Clock
) -> None:
    search(recorder)
    for rows in (3, 4):
        clock.advance(timedelta(seconds=20))
        search(recorder, rows=rows)
    assert await recorder.flush() == 1
    clock.advance(timedelta(seconds=20))
    assert await recorder.flush() == 1
    [_, folded] = await written(recorder.metadata)
    assert folded["details"] == {
        **LOGINS,
        "rows": 7,
        "total": 25,
        "count": 2,
        "first_at": (NOON + timedelta(seconds=20)).isoformat(),
        "last_at": (NOON + timedelta(seconds=40)).isoformat(),
    }
    assert folded["timestamp"] == (NOON + timedelta(seconds=40)).isoformat()


async def test_nothing_is_written_for_a_minute_without_repeats(
    recorder: Recorder, clock: Clock
) -> None:
    search(recorder)
    clock.advance(timedelta(minutes=2))
    assert await recorder.flush() == 1
    clock.advance(timedelta(minutes=2))
    assert await recorder.flush() == 0


async def test_the_next_minutes_first_read_is_written_at_once_again(
    recorder: Recorder, clock: Clock
) -> None:
    for seconds in (0, 30, 31):
        clock.now = NOON + timedelta(seconds=seconds)
        search(recorder)
    clock.now = NOON + timedelta(seconds=61)
    search(recorder)
    await recorder.flush()
    counts = [event["details"].get("count") for event in await written(recorder.metadata)]
    assert counts == [None, 2, None]


async def test_other_people_filters_and_organizations_are_told_apart(recorder: Recorder) -> None:
    search(recorder)
    search(recorder, BOB)
    search(recorder, filter={"action": ["DELETE"]})
    recorder.read(OTHER, ANN, "SEARCH", resource_type="AUDIT_LOG", details={**LOGINS, "rows": 10})
    recorder.read(ACME, ANN, "VIEW", resource_type="AUDIT_LOG", resource_id="e1", details=LOGINS)
    recorder.read(ACME, ANN, "VIEW", resource_type="AUDIT_LOG", resource_id="e2", details=LOGINS)
    assert await recorder.flush() == 6


async def test_a_refused_request_is_written(recorder: Recorder) -> None:
    refuse(recorder)
    refuse(recorder)
    await recorder.flush(everything=True)
    [event, folded] = await written(recorder.metadata)
    assert (event["action"], event["status"]) == ("ACCESS_DENIED", "FAILED")
    assert event["details"] == {
        "method": "GET",
        "path": "/organization",
        "code": "PERMISSION_MISSING",
        "permission": "settings:view",
    }
    assert folded["details"]["count"] == 1


async def test_a_storm_of_refusals_over_many_paths_is_counted_together(recorder: Recorder) -> None:
    for number in range(1000):
        refuse(recorder, f"/audit-logs/{number}")
    await recorder.flush(everything=True)
    events = await written(recorder.metadata)
    assert len(events) == recorder_module.SEPARATE_REFUSALS + 2
    assert sum(event["details"].get("count", 1) for event in events) == 1000


async def test_a_stop_writes_what_is_still_being_counted(recorder: Recorder) -> None:
    for _ in range(3):
        search(recorder)
    await recorder.flush(everything=True)
    assert [event["details"].get("count") for event in await written(recorder.metadata)] == [
        None,
        2,
    ]
    assert await recorder.flush(everything=True) == 0


async def test_too_many_open_counts_are_written_early_and_not_dropped(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "MAX_FOLDS", 5)
    for number in range(40):
        for _ in range(2):
            search(recorder, filter={"action": [f"A{number}"]})
    await recorder.flush(everything=True)
    events = await written(recorder.metadata)
    assert sum(event["details"].get("count", 1) for event in events) == 80


async def test_a_read_that_cannot_be_recorded_is_refused_and_nothing_is_lost(
    recorder: Recorder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "MAX_WAITING", 20)
    async with refusing(recorder.metadata):
        for number in range(20):
            search(recorder, filter={"action": [f"A{number}"]})
        with pytest.raises(Unavailable) as refused:
            search(recorder, filter={"action": ["A20"]})
        assert refused.value.code == "RECORD_BACKLOG_FULL"
        # A repeat takes no room, so it is counted; and a refused request stays refused.
        search(recorder, filter={"action": ["A0"]})
        refuse(recorder)
        refuse(recorder)
        with pytest.raises(DBAPIError):
            await recorder.flush()
    clock.advance(timedelta(minutes=1))
    await recorder.flush()
    events = await written(recorder.metadata)
    assert sum(event["details"].get("count", 1) for event in events) == 23
    search(recorder, filter={"action": ["A20"]})


async def test_a_write_that_was_cut_short_is_repeated_without_a_second_row(
    recorder: Recorder,
) -> None:
    search(recorder)
    [waiting] = recorder._waiting
    await recorder.flush()
    # As after a commit whose answer was lost.
    recorder._waiting.append(waiting)
    await recorder.flush()
    assert len(await written(recorder.metadata)) == 1


async def test_running_it_writes_within_a_second(recorder: Recorder) -> None:
    running = asyncio.create_task(recorder.run())
    try:
        await asyncio.sleep(0.05)
        search(recorder)
        await asyncio.sleep(1.0)
        assert len(await written(recorder.metadata)) == 1
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_a_commit_wakes_whoever_listens_and_a_failure_does_not(recorder: Recorder) -> None:
    heard: list[str] = []
    recorder.metadata.on_commit(heard.extend)
    search(recorder)
    await recorder.flush()
    assert heard == ["record_event"]
    search(recorder, BOB)
    async with refusing(recorder.metadata):
        with pytest.raises(DBAPIError):
            await recorder.flush()
    assert heard == ["record_event"]
