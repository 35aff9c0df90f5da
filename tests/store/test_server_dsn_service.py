"""Whole servers on a ClickHouse server: one by one, and two on the same stores at once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clickhouse_front import ClickHouse
from tests.faults.log import check_once_each, check_streams_whole, read_log, receipt_of, sent
from tests.faults.server import FaultServer
from tests.faults.writers import Writer, acknowledged_by, finish_all
from tests.postgres import Postgres
from trailkeeper.access.people.listing import list_directory
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.store.metadata import Metadata

LOGIN = {"action": "LOGIN", "resource_type": "USER", "user_id": "alice", "id": "it's me"}


@pytest.fixture
def metadata_url(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        yield url.replace("postgresql+asyncpg://", "postgresql://")


@pytest.fixture
def servers(
    tmp_path: Path, clickhouse: ClickHouse, metadata_url: str
) -> Iterator[list[FaultServer]]:
    """Two servers, not yet started, that share both stores and the secret key."""
    settings = {
        "TRAILKEEPER_EVENTS_DSN": clickhouse.new_database(),
        "TRAILKEEPER_METADATA_URL": metadata_url,
        "TRAILKEEPER_SECRET_KEY": "k" * 40,
    }
    made = [FaultServer(tmp_path / name, dict(settings)) for name in ("one", "two")]
    yield made
    for server in made:
        server.kill()
        assert server.surprises() == []


@pytest.mark.timeout(180)
def test_a_server_on_clickhouse_does_what_any_does(servers: list[FaultServer]) -> None:
    server = servers[0].start()
    with server.client() as client:
        first = client.post("/audit-logs/", json=LOGIN)
        assert first.status_code == 201, first.text
        again = client.post("/audit-logs/", json=LOGIN)
        assert again.status_code == 200
        assert receipt_of(again.json()) == receipt_of(first.json())
        events = [
            {"action": action, "resource_type": "PROJECT", "user_id": "bob", "details": {"n": 5}}
            for action in ("CREATE", "UPDATE", "UPDATE")
        ]
        batch = client.post("/audit-logs/batch", json=[*events, LOGIN, {"action": ""}]).json()
        assert (batch["committed"], batch["duplicate"], batch["rejected"]) == (3, 1, 1)

        found = client.get("/audit-logs/", params={"q": 'user:bob details.n:5 "project"'}).json()
        assert found["total"] == 3
        assert client.get("/users/alice/activity").json()["total"] == 1
        assert client.get("/audit-logs/it's me").json()["user_id"] == "alice"
        facets = client.get("/audit-logs/facets").raise_for_status().text
        assert '"UPDATE"' in facets
        histogram = client.get("/audit-logs/histogram", params={"interval": "day"})
        assert histogram.raise_for_status().json()
        exported = client.get("/audit-logs/export", params={"format": "ndjson", "user_id": "bob"})
        assert exported.raise_for_status().text.count('"user_id":"bob"') == 3
        assert client.get("/retention").raise_for_status().json()["events"] >= 4
        ran = client.post("/retention/run", json={"dry_run": False}).raise_for_status()
        assert ran.json()["removed"] == {}
        assert client.get("/readyz").json()["status"] == "ready"
    assert server.stop() == 0

    server.start()
    with server.client() as client:
        known = client.post("/audit-logs/", json=LOGIN)
        assert known.status_code == 200, "a restart remembers"
        assert receipt_of(known.json()) == receipt_of(first.json())
        check_streams_whole(read_log(client))
    assert server.stop() == 0


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_two_servers_share_their_stores(servers: list[FaultServer], metadata_url: str) -> None:
    one, two = servers
    one.start()
    two.api_key = one.api_key
    two.start()
    writers = [
        Writer(server, f"{server.data.name}-{number}", batch=20)
        for server in servers
        for number in range(3)
    ]
    for writer in writers:
        writer.start()
    time.sleep(3.0)
    two.kill()
    two.start()
    time.sleep(2.0)
    finish_all(writers)
    acknowledged = acknowledged_by(writers)
    per_user = Counter({writer.name: len(writer.acknowledged) for writer in writers})
    assert all(count > 20 for count in per_user.values()), per_user

    with one.client() as client_one, two.client() as client_two:
        for client in (client_one, client_two):
            events = read_log(client)
            check_once_each(events, acknowledged)
            assert len(check_streams_whole(events)) == 3, "each process is a node"
            assert {event["id"] for event in sent(events)} == acknowledged.keys()
        event_id = next(iter(writers[0].acknowledged))
        event = {"id": event_id, "action": "UPDATE", "resource_type": "PROJECT"}
        elsewhere = client_two.post("/audit-logs/", json=event)
        assert elsewhere.status_code == 200, "one node knows what another has committed"
        assert receipt_of(elsewhere.json()) == acknowledged[event_id]
    asyncio.run(_wait_for_directory(metadata_url, per_user))
    for server in servers:
        assert server.stop() == 0


async def _wait_for_directory(url: str, expected: Counter[str]) -> None:
    """Two followers on one place: what one has counted, the other does not count again."""
    metadata = Metadata.open(url.replace("postgresql://", "postgresql+asyncpg://"))
    counted: dict[str, int] = {}
    try:
        for _ in range(100):
            async with metadata.reading() as session:
                page = await list_directory(session, system_tenant(OrganizationId("default")))
            counted = {user.user_id: user.events for user in page.users}
            counted = {name: count for name, count in counted.items() if name in expected}
            if counted == expected:
                return
            assert all(counted[user] <= expected[user] for user in counted), (counted, expected)
            await asyncio.sleep(0.2)
    finally:
        await metadata.close()
    raise AssertionError(f"the directory says {counted}, the log {dict(expected)}")
