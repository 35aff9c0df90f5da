"""The demo through the public API: the same story twice is one story."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.cli.conftest import Cli
from tests.live import LiveServer
from trailkeeper.cli.serve import IN_USE_EVENTS, load_demo_once
from trailkeeper.client import Client
from trailkeeper.demo import IncidentKind

SENT = "-details.operator:* -action:SEARCH"
"""But for what the service recorded of itself."""


def test_the_same_story_twice_is_stored_once_and_spoilers_are_told_when_asked(
    cli: Cli, own_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_server.start()
    monkeypatch.setenv("TRAILKEEPER_URL", own_server.url)
    monkeypatch.setenv("TRAILKEEPER_API_KEY", own_server.api_key)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    story = ["demo", "--events", 2000, "--days", 40, "--now", now, "--json"]
    first = cli(*story)
    assert first.code == 0, first.err
    assert (first.json["rejected"], first.json["duplicate"]) == (0, 0)
    assert first.json["committed"] >= 2000
    assert first.json["incidents"] == []
    again = cli(*story, "--spoilers").json
    assert (again["committed"], again["duplicate"]) == (0, first.json["committed"])
    assert {each["kind"] for each in again["incidents"]} == set(IncidentKind)
    with Client(own_server.url, own_server.api_key) as client:
        assert client.search(SENT, end_date=now).total == first.json["committed"]


def test_serve_loads_it_into_an_empty_log_only(
    capsys: pytest.CaptureFixture[str], own_server: LiveServer
) -> None:
    own_server.start()
    with Client(own_server.url, own_server.api_key) as client:
        client.record_batch(
            {"action": "LOGIN", "resource_type": "USER", "user_id": "u"}
            for _ in range(IN_USE_EVENTS)
        )
        load_demo_once(own_server.url, own_server.api_key)
        assert "no demo is loaded" in capsys.readouterr().err
        assert client.search(SENT).total == IN_USE_EVENTS
    load_demo_once(own_server.url, "tk_0000000000000000_00")
    assert "could not be loaded" in capsys.readouterr().err
