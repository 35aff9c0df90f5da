"""Recording, finding, watching and exporting from the command line, on a real server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import msgspec
import pytest

from tests.cli.conftest import Cli
from tests.client.unique import unique
from tests.live import LiveServer
from trailkeeper.cli.tail import OutageNote
from trailkeeper.client import Client, Unavailable
from trailkeeper.client.errors import local_problem

CLI = [sys.executable, "-m", "trailkeeper.cli"]


@pytest.fixture
def user(live_server: LiveServer) -> str:
    """A user with three events."""
    name = unique("user")
    with Client(live_server.url, live_server.api_key) as client:
        for n in range(3):
            client.record(
                "DELETE",
                "PROJECT",
                user_id=name,
                resource_id=f"p-{n}",
                timestamp=f"2026-03-0{n + 1}T10:00:00Z",
                details={"n": n},
            )
    return name


def test_record_prints_the_id_and_search_finds_it(online: Cli) -> None:
    name = unique("user")
    recorded = online(
        *("record", "update", "model", "--user-id", name, "--status", "FAILED"),
        *("--details", '{"reason": "no quota"}', "--resource-name", "llama"),
    )
    assert recorded.code == 0
    assert "committed" in recorded.err
    [event] = online("search", f"user:{name}", "--json").json["items"]
    assert event["id"] == recorded.out.strip()
    assert (event["action"], event["status"]) == ("UPDATE", "FAILED")
    assert event["details"] == {"reason": "no quota"}
    assert (
        online("search", "--user-id", name, "--details", "reason=no quota", "--json").json["total"]
        == 1
    )


def test_record_tells_why_an_event_was_refused(online: Cli) -> None:
    outcome = online("record", "not a word!", "USER")
    assert outcome.code == 1
    assert "error[INVALID_ACTION]" in outcome.err


def test_search_off_a_terminal_is_tab_separated_and_says_what_it_covers(
    online: Cli, user: str
) -> None:
    outcome = online("search", "--user-id", user, "--limit", 2)
    header, *rows = outcome.lines
    assert header.split("\t")[:3] == ["time", "action", "resource"]
    assert [row.split("\t")[2] for row in rows] == ["PROJECT p-2", "PROJECT p-1"]
    assert "2 of 3 events; covers the beginning to now, committed up to" in outcome.err
    assert "more: --all, or --cursor" in outcome.err


def test_search_goes_on_at_a_cursor_and_all_means_all(online: Cli, user: str) -> None:
    first = online("search", "--user-id", user, "--limit", 2, "--json").json
    rest = online("search", "--user-id", user, "--limit", 2, "--cursor", first["next_cursor"])
    assert [row.split("\t")[2] for row in rest.lines[1:]] == ["PROJECT p-0"]
    every = online("search", "--user-id", user, "--all", "--json", "--order", "asc").lines
    assert [msgspec.json.decode(line)["details"]["n"] for line in every] == [0, 1, 2]


def test_a_query_with_a_minus_follows_two_dashes(online: Cli, user: str) -> None:
    outcome = online("search", "--user-id", user, "--json", "--", "-resource:p-1")
    assert outcome.json["total"] == 2


def test_a_wrong_query_points_at_its_place(online: Cli) -> None:
    outcome = online("search", "action:")
    assert outcome.code == 1
    assert "(position " in outcome.err
    assert "expected: " in outcome.err


def test_strangers_text_cannot_reach_the_terminal(online: Cli, live_server: LiveServer) -> None:
    name = unique("user")
    with Client(live_server.url, live_server.api_key) as client:
        client.record("A", "B", user_id=name, user_email="\x1b[2J\u202e[red]x\n", resource_id="\t")
    for command in (["search"], ["tail"]):
        outcome = online(*command, "--user-id", name)
        assert "\\x1b[2J\\u202e[red]x\\n" in outcome.out
        assert "\x1b" not in outcome.out
        assert "\u202e" not in outcome.out


@pytest.mark.parametrize(
    ("key", "code", "name"),
    [("tk_0000000000000000_00", 3, "INVALID_KEY"), ("nonsense", 3, "INVALID_KEY")],
)
def test_a_wrong_key_is_3(online: Cli, key: str, code: int, name: str) -> None:
    outcome = online("search", "--key", key)
    assert outcome.code == code
    assert f"error[{name}]" in outcome.err


def test_tail_shows_the_latest_oldest_first(online: Cli, user: str) -> None:
    outcome = online("tail", "--user-id", user, "-n", 2)
    assert [line.split("PROJECT ")[1].split()[0] for line in outcome.lines] == ["p-1", "p-2"]


def test_tail_f_shows_what_is_committed_from_then_on_until_ctrl_c(
    live_server: LiveServer, user: str
) -> None:
    environ = {**os.environ, "TRAILKEEPER_API_KEY": live_server.api_key}
    command = [*CLI, "tail", "-f", "-n", "1", "--json", "--user-id", user, "--url", live_server.url]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        assert number_in(tail.stdout) == 2
        with Client(live_server.url, live_server.api_key) as client:
            for n in (7, 8):
                client.record(
                    "A", "B", user_id=user, details={"n": n}, timestamp="2020-01-01T00:00:00Z"
                )
        assert [number_in(tail.stdout), number_in(tail.stdout)] == [7, 8]
        tail.send_signal(signal.SIGINT)
        assert tail.wait(10) == 130
        assert "Traceback" not in tail.stderr.read()


def test_an_outage_is_told_once_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter([0.0, 1.0, 59.9, 60.0, 61.0])
    tell = OutageNote(lambda: next(clock))
    for _ in range(5):
        tell(Unavailable(local_problem("X", "away", status=503)))
    assert capsys.readouterr().err == "waiting for the server: away\n" * 2


def number_in(lines: IO[str]) -> int:
    number: int = msgspec.json.decode(lines.readline())["details"]["n"]
    return number


@pytest.mark.parametrize("suffix", ["csv", "json", "ndjson"])
def test_export_is_whole_under_its_name(
    online: Cli, user: str, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"events.{suffix}"
    outcome = online("export", "--user-id", user, "-o", out, "--order", "asc")
    assert outcome.code == 0
    assert "3 events" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    content = out.read_text()
    assert 0 < content.index("p-0") < content.index("p-1") < content.index("p-2")


def test_export_to_standard_output(live_server: LiveServer, user: str) -> None:
    ran = subprocess.run(
        [*CLI, "export", f"user:{user}", "--format", "ndjson", "--url", live_server.url],
        capture_output=True,
        env={**os.environ, "TRAILKEEPER_API_KEY": live_server.api_key},
        check=True,
        timeout=60,
    )
    assert len(ran.stdout.splitlines()) == 4
    assert b"3 events" in ran.stderr


def test_a_failed_export_leaves_no_file_under_its_name(online: Cli, tmp_path: Path) -> None:
    out = tmp_path / "events.csv"
    assert online("export", "action:", "-o", out).code == 1
    assert not out.exists()


def test_retention_is_told_and_tried(online: Cli, user: str) -> None:
    status = online("retention", "status")
    assert status.code == 0
    assert "days: 90" in status.lines
    assert any(line.startswith("DELETE\t") for line in status.lines)
    assert online("retention", "run", "--dry-run", "--json").json["dry_run"] is True
