"""Imports on a real server: resumed, never doubled, rejects told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.cli.conftest import Cli
from tests.client.unique import unique
from tests.live import LiveServer
from trailkeeper.client import Client

CLI = [sys.executable, "-m", "trailkeeper.cli"]


def written(path: Path, user: str, count: int) -> Path:
    """NDJSON without ids: only the import's own ids can keep them from being doubled."""
    lines = (
        {"action": "LOGIN", "resource_type": "USER", "user_id": user, "details": {"n": n}}
        for n in range(count)
    )
    path.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    return path


def total(server: LiveServer, user: str) -> int | None:
    with Client(server.url, server.api_key) as client:
        return client.search(user_id=user, limit=1).total


def rejects(source: Path) -> list[dict[str, Any]]:
    text = source.with_name(source.name + ".rejects.ndjson").read_text()
    return [msgspec.json.decode(line) for line in text.splitlines()]


def test_imported_once_however_often_it_runs(
    online: Cli, live_server: LiveServer, tmp_path: Path
) -> None:
    user = unique("user")
    source = written(tmp_path / "events.ndjson", user, 25)
    first = online("import", source, "--batch", 10, "--json")
    assert (first.code, first.json["committed"], first.json["finished"]) == (0, 25, True)
    assert online("import", source, "--batch", 10).code == 0
    again = online("import", source, "--restart", "--json").json
    assert (again["committed"], again["duplicate"]) == (0, 25)
    assert total(live_server, user) == 25


def test_what_is_appended_later_is_imported_alone(
    online: Cli, live_server: LiveServer, tmp_path: Path
) -> None:
    user = unique("user")
    source = written(tmp_path / "events.ndjson", user, 5)
    online("import", source)
    with source.open("ab") as file:
        file.write(written(tmp_path / "more.ndjson", user, 3).read_bytes())
    outcome = online("import", source, "--json").json
    assert (outcome["committed"], outcome["duplicate"]) == (8, 0)
    assert total(live_server, user) == 8


def test_rejects_are_told_by_line_and_the_exit_code_is_6(
    online: Cli, live_server: LiveServer, tmp_path: Path
) -> None:
    user = unique("user")
    source = tmp_path / "events.ndjson"
    good = msgspec.json.encode({"action": "A", "resource_type": "B", "user_id": user}).decode()
    source.write_text(f'{good}\nnot json\n{{"action":"A"}}\n\n{good}\n')
    for _ in range(2):
        outcome = online("import", source, "--batch", 2)
        assert outcome.code == 6
        assert "2 records were rejected" in outcome.err
        assert [(each["line"], each["code"]) for each in rejects(source)] == [
            (2, "MALFORMED_JSON"),
            (3, "MISSING_FIELD"),
        ]
    assert all(each["reason"] for each in rejects(source))
    assert total(live_server, user) == 2


def test_csv_with_other_names_zones_and_details(
    online: Cli, live_server: LiveServer, tmp_path: Path
) -> None:
    user = unique("user")
    source = tmp_path / "events.csv"
    source.write_text(
        "when;verb;resource_type;who;details.team;junk\n"
        f'2026-01-15 14:30:00;CREATE;MODEL;{user};"m;l";x\n'
        f"2026-07-15T14:30:00Z;DELETE;MODEL;{user};;x\n"
    )
    assert online("import", source).code == 2
    outcome = online(
        *("import", source, "--assume-zone", "Europe/Berlin", "--map", "when=timestamp"),
        *("--map", "verb=action", "--map", "who=user_id", "--map", "junk="),
    )
    assert outcome.code == 0, outcome.err
    with Client(live_server.url, live_server.api_key) as client:
        late, early = client.search(user_id=user).items
    assert early.timestamp.isoformat() == "2026-01-15T13:30:00+00:00"
    assert late.timestamp.isoformat() == "2026-07-15T14:30:00+00:00"
    assert (early.action, early.details, late.details) == ("CREATE", {"team": "m;l"}, {})


def test_other_options_or_another_file_are_refused_until_restart(
    online: Cli, tmp_path: Path
) -> None:
    source = written(tmp_path / "events.ndjson", unique("user"), 3)
    assert online("import", source).code == 0
    other = online("import", source, "--map", "details=")
    assert (other.code, "error[IMPORT_STATE_MISMATCH]" in other.err) == (2, True)
    written(source, unique("user"), 3)
    assert online("import", source).code == 2
    assert online("import", source, "--restart").code == 0


@pytest.mark.parametrize("format", ["csv", "ndjson"])
def test_an_export_can_be_imported_elsewhere_and_is_the_same_there(
    online: Cli,
    live_server: LiveServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    format: str,
) -> None:
    user = unique("user")
    with Client(live_server.url, live_server.api_key) as client:
        client.record(
            "UPDATE",
            "MODEL",
            user_id=user,
            resource_name='=cmd|"x",\n-1',
            user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
            ip_address="2001:db8::1",
            status="FAILED",
            on_behalf_of="boss",
            details={"n": 5, "text": "5", "deep": {"a": [1.5, None, "é"]}},
        )
        [original] = client.search(user_id=user).items
    exported = tmp_path / f"events.{format}"
    assert online("export", f"user:{user}", "-o", exported).code == 0
    monkeypatch.setenv("TRAILKEEPER_DATA", str(live_server.data))
    organization = unique("org")
    assert online("org", "create", "Elsewhere", "--id", organization).code == 0
    permissions = ["-p", "event:write", "-p", "user:view"]
    key = online("key", "create", "x", "--org", organization, *permissions).out.strip()
    outcome = online("import", exported, "--key", key, "--json")
    assert (outcome.code, outcome.json["committed"]) == (0, 1)
    with Client(live_server.url, key) as client:
        [copy] = client.search(user_id=user).items
    derived = {"organization", "received_at", "node", "node_seq"}
    assert {
        name
        for name in original.__struct_fields__
        if getattr(original, name) != getattr(copy, name)
    } <= derived
    assert copy.organization == organization


def importing(source: Path, server: LiveServer) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*CLI, "import", str(source), "--batch", "50", "--json", "--url", server.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TRAILKEEPER_API_KEY": server.api_key},
    )


def wait_for_progress(source: Path, at_least: int) -> None:
    state = source.with_name(source.name + ".trailkeeper-import")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if state.exists() and msgspec.json.decode(state.read_bytes())["committed"] >= at_least:
            return
        time.sleep(0.005)
    raise AssertionError("the import made no progress")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_stopped_in_the_middle_it_goes_on_and_doubles_nothing(
    online: Cli, live_server: LiveServer, tmp_path: Path, how: signal.Signals
) -> None:
    user, count = unique("user"), 6000
    source = written(tmp_path / "events.ndjson", user, count)
    with importing(source, live_server) as process:
        wait_for_progress(source, 200)
        process.send_signal(how)
        _, err = process.communicate(timeout=30)
    assert process.returncode == (130 if how is signal.SIGINT else -how)
    assert "Traceback" not in err
    assert (total(live_server, user) or 0) < count
    rest = online("import", source, "--batch", 1000, "--json").json
    assert rest["committed"] + rest["duplicate"] == count
    assert rest["committed"] < count + 1
    assert total(live_server, user) == count


@pytest.mark.slow
def test_it_outlives_a_restart_of_the_server(own_server: LiveServer, tmp_path: Path) -> None:
    own_server.start()
    user, count = unique("user"), 6000
    source = written(tmp_path / "events.ndjson", user, count)
    with importing(source, own_server) as process:
        wait_for_progress(source, 200)
        own_server.kill()
        own_server.start()
        out, err = process.communicate(timeout=100)
    assert process.returncode == 0, err
    outcome = msgspec.json.decode(out)
    assert outcome["committed"] + outcome["duplicate"] == count
    assert total(own_server, user) == count
