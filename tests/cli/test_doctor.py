"""The doctor: each check on its own, and all together."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet  # type: ignore[import-untyped]

from tests.cli.conftest import Cli
from tests.live import LiveServer
from trailkeeper.cli.doctor.finding import Level
from trailkeeper.cli.doctor.machine import (
    FAIL_FREE_BYTES,
    GIB,
    RELEASED,
    WARN_FREE_BYTES,
    check_clock,
    check_console,
    check_data_folder,
    judge_disk,
)
from trailkeeper.cli.doctor.service import check_retention, check_server
from trailkeeper.cli.doctor.stores import check_mmdb, judge_revision
from trailkeeper.client.readiness import Readiness

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def levels(report: dict[str, Any]) -> dict[str, str]:
    return {finding["check"]: finding["level"] for finding in report["findings"]}


def test_beside_a_running_server_all_is_well(
    online: Cli, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAILKEEPER_DATA", str(live_server.data))
    outcome = online("doctor", "--json")
    found = levels(outcome.json)
    assert Level.FAIL not in found.values()
    assert {"settings", "data folder", "metadata", "server", "api key"} <= found.keys()
    assert "in use by the running server" in outcome.out
    assert (outcome.code, outcome.json["healthy"]) == (0, True)
    assert online("doctor").lines[0].startswith("ok    settings")


def test_before_the_first_start_only_the_server_is_missing(cli: Cli, tmp_path: Path) -> None:
    data = tmp_path / "data"
    outcome = cli("doctor", "--json", "--url", "http://127.0.0.1:9", "--data", data)
    failed = {check for check, level in levels(outcome.json).items() if level == "fail"}
    assert (outcome.code, failed) == (1, {"server"})
    assert not data.exists()
    [server] = [each for each in outcome.json["findings"] if each["check"] == "server"]
    assert "trailkeeper serve" in server["todo"]


def test_an_embedded_store_is_opened_when_no_server_holds_it(own_server: LiveServer) -> None:
    own_server.start()
    assert levels(examined_alone(own_server.data))["events store"] == "fail"
    own_server.stop()
    assert levels(examined_alone(own_server.data))["events store"] == "ok"


def examined_alone(data: Path) -> dict[str, Any]:
    """The doctor's report, in a process of its own: one opens one embedded store at a time."""
    command = ["doctor", "--json", "--url", "http://127.0.0.1:9", "--data", str(data)]
    environ = {name: text for name, text in os.environ.items() if "TRAILKEEPER" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "trailkeeper.cli", *command],
        env=environ,
        stdout=subprocess.PIPE,
        check=False,
    )
    report: dict[str, Any] = msgspec.json.decode(done.stdout)
    return report


def test_a_wrong_setting_and_a_wrong_key_are_findings(
    online: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAILKEEPER_PORT", "many")
    monkeypatch.setenv("TRAILKEEPER_API_KEY", "tk_0000000000000000_00")
    outcome = online("doctor", "--json")
    found = levels(outcome.json)
    assert (found["settings"], found["api key"], found["server"]) == ("fail", "fail", "ok")
    assert outcome.code == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert check_data_folder(tmp_path).level is Level.FAIL
    assert check_data_folder(tmp_path / "data").level is Level.FAIL


def test_a_file_in_the_place_of_the_folder_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    finding = check_data_folder(tmp_path / "data")
    assert finding.level is Level.FAIL
    assert str(tmp_path / "data") in finding.detail
    assert check_data_folder(tmp_path).level is Level.OK


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [
        (100 * GIB, 200 * GIB, Level.OK),
        (WARN_FREE_BYTES - 1, 10 * GIB, Level.WARN),
        (40 * GIB, 1000 * GIB, Level.WARN),
        (FAIL_FREE_BYTES - 1, GIB, Level.FAIL),
    ],
)
def test_disk_space(free: int, total: int, level: Level) -> None:
    assert judge_disk(Path("/"), free, total).level is level


def test_the_console(tmp_path: Path) -> None:
    finding = check_console(tmp_path)
    assert finding.level is Level.WARN
    assert "make console" in (finding.todo or "")
    (tmp_path / "index.html").write_text("")
    assert check_console(tmp_path).level is Level.OK


@pytest.mark.parametrize(
    ("now", "server", "level"),
    [
        (NOW, None, Level.OK),
        (NOW, NOW - timedelta(seconds=2), Level.OK),
        (NOW, NOW + timedelta(seconds=30), Level.WARN),
        (NOW, NOW + timedelta(hours=1), Level.FAIL),
        (RELEASED - timedelta(days=1), None, Level.FAIL),
    ],
)
def test_the_clock(now: datetime, server: datetime | None, level: Level) -> None:
    assert check_clock(now, server).level is level


def city_database(path: Path, database_type: str) -> Path:
    writer = MMDBWriter(ip_version=6, database_type=database_type, ipv4_compatible=True)
    writer.insert_network(IPSet(["203.0.113.0/24"]), {"country": {"iso_code": "DE"}})
    writer.to_db_file(str(path))
    return path


def test_the_geo_database(tmp_path: Path) -> None:
    good = city_database(tmp_path / "city.mmdb", "GeoLite2-City")
    now = datetime.now(UTC)
    assert check_mmdb(good, now).level is Level.OK
    assert check_mmdb(good, now + timedelta(days=100)).level is Level.WARN
    other = city_database(tmp_path / "asn.mmdb", "GeoLite2-ASN")
    assert check_mmdb(other, now).level is Level.FAIL
    broken = tmp_path / "broken.mmdb"
    broken.write_bytes(b"not a database")
    assert check_mmdb(broken, now).level is Level.FAIL
    assert check_mmdb(tmp_path / "none.mmdb", now).level is Level.FAIL
    assert check_mmdb(None, now).level is Level.OK


@pytest.mark.parametrize(
    ("revision", "level"),
    [("2", Level.OK), ("1", Level.WARN), (None, Level.WARN), ("3", Level.FAIL)],
)
def test_the_revision_of_the_metadata(revision: str | None, level: Level) -> None:
    assert judge_revision("x", revision, ["1", "2"]).level is level


def ready(**document: object) -> Readiness:
    return Readiness(True, 200, {"status": "ready", **document}, NOW)


def test_a_retention_run_that_did_not_happen_is_a_failure() -> None:
    ran = "2026-11-20T00:00:00Z"
    well = ready(retention_last_run_at=ran, warnings=[])
    late = ready(retention_last_run_at=ran, warnings=["RETENTION_OVERDUE"])
    never = ready(retention_last_run_at=None, warnings=["RETENTION_OVERDUE"])
    assert [check_retention(each).level for each in (well, late, never)] == ["ok", "fail", "warn"]


def test_a_server_that_is_not_ready_or_another_service_is_a_failure() -> None:
    busy = Readiness(False, 503, {"code": "STORE_UNAVAILABLE"}, NOW)
    finding = check_server("http://x", busy)
    assert finding.level is Level.FAIL
    assert "STORE_UNAVAILABLE" in finding.detail
    assert check_server("http://x", Readiness(True, 200, {}, NOW)).level is Level.FAIL
    assert check_server("http://x", None).level is Level.FAIL
    assert check_server("http://x", ready()).level is Level.OK
