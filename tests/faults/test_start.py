"""Starts that must fail: with an exit code, a code, what is wrong where, and what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.server import FaultServer, start_to_fail
from tests.live import free_port

EVENT = {"action": "LOGIN", "resource_type": "USER", "user_id": "alice"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultServer]:
    """A server that no other may disturb."""
    server = FaultServer(tmp_path_factory.mktemp("running") / "data").start()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def used_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a server that has run and was stopped."""
    server = FaultServer(tmp_path_factory.mktemp("used") / "data").start()
    assert server.stop() == 0
    return server.data


@pytest.fixture
def folder(used_folder: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    return Path(shutil.copytree(used_folder, tmp_path / "data", symlinks=True))


def of(folder: Path) -> dict[str, str]:
    return {"TRAILKEEPER_DATA": str(folder), "TRAILKEEPER_PORT": str(free_port())}


def without_override() -> tuple[str, ...]:
    """Words before a command that must mind file permissions, which root otherwise need not."""
    if os.geteuid() != 0:
        return ()
    drop = "-dac_override,-dac_read_search"
    return ("setpriv", f"--bounding-set={drop}", f"--inh-caps={drop}")


def make_read_only(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o500 if path.is_dir() else 0o400)


def test_a_second_process_on_the_same_folder_is_refused_and_harms_nothing(
    running: FaultServer,
) -> None:
    with running.client() as client:
        before = client.post("/audit-logs/", json=EVENT).raise_for_status().json()
        files = {path: path.read_bytes() for path in sorted(running.data.glob("*.key"))}
        failed = start_to_fail(of(running.data))
        assert failed.exit_code == 2
        assert failed.code == "EVENTS_STORE_IN_USE"
        assert str(running.data / "events") in failed.detail
        assert "TRAILKEEPER_DATA" in failed.hint
        assert "tk_" not in failed.printed
        assert {path: path.read_bytes() for path in files} == files
        after = client.post("/audit-logs/", json=EVENT).raise_for_status().json()
        assert (after["node"], after["node_seq"]) == (before["node"], before["node_seq"] + 1)
        found = client.get("/audit-logs/", params={"user_id": "alice"}).json()
        assert found["total"] == 2


def test_a_port_in_use_is_told(running: FaultServer, tmp_path: Path) -> None:
    failed = start_to_fail({**of(tmp_path / "other"), "TRAILKEEPER_PORT": str(running.port)})
    assert failed.exit_code == 2
    assert failed.code == "ADDRESS_UNUSABLE"
    assert f"127.0.0.1:{running.port}" in failed.detail
    assert "TRAILKEEPER_PORT" in failed.hint
    with running.client() as client:
        assert client.get("/readyz").status_code == 200


def test_a_wrong_setting_is_told(tmp_path: Path) -> None:
    failed = start_to_fail({**of(tmp_path), "TRAILKEEPER_PORT": "many"})
    assert failed.exit_code == 2
    assert failed.code == "INVALID_SETTING"
    assert failed.detail == "TRAILKEEPER_PORT: 'many' is not a whole number"
    assert failed.hint == "Write e.g. 8080."


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    failed = start_to_fail(of(tmp_path / "data"), without_override())
    assert failed.exit_code == 2
    assert failed.code == "DATA_FOLDER_UNUSABLE"
    assert str(tmp_path / "data") in failed.detail


def test_an_empty_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    failed = start_to_fail(of(tmp_path), without_override())
    assert failed.exit_code == 2
    assert failed.code == "SECRET_KEY_UNUSABLE"
    assert str(tmp_path) in failed.detail
    assert "rights" in failed.hint


def test_a_used_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    make_read_only(folder)
    failed = start_to_fail(of(folder), without_override())
    assert failed.exit_code == 2
    assert failed.code == "METADATA_READ_ONLY"
    assert str(folder / "metadata.db") in failed.detail
    assert "write access" in failed.hint


def test_events_that_cannot_be_written_are_told(folder: Path) -> None:
    make_read_only(folder / "events")
    failed = start_to_fail(of(folder), without_override())
    assert failed.exit_code == 2
    assert failed.code == "EVENTS_STORE_READ_ONLY"
    assert str(folder / "events") in failed.detail
    assert "write access" in failed.hint


@pytest.mark.parametrize(
    "content", [b"", b"short", b"\xff\xfe" * 40], ids=["empty", "cut", "bytes"]
)
def test_a_damaged_secret_key_is_told(folder: Path, content: bytes) -> None:
    (folder / "secret.key").write_bytes(content)
    failed = start_to_fail(of(folder))
    assert failed.exit_code == 2
    assert failed.code == "SECRET_KEY_UNUSABLE"
    assert str(folder / "secret.key") in failed.detail
    assert failed.hint
    assert (folder / "secret.key").read_bytes() == content, "nothing is replaced unasked"


def test_damaged_metadata_are_told(folder: Path) -> None:
    (folder / "metadata.db").write_bytes(b"not a database" * 1000)
    failed = start_to_fail(of(folder))
    assert failed.exit_code == 2
    assert failed.code == "METADATA_CORRUPT"
    assert str(folder / "metadata.db") in failed.detail
    assert "backup" in failed.hint


def test_metadata_of_a_newer_version_are_told(folder: Path) -> None:
    with sqlite3.connect(folder / "metadata.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    connection.close()
    failed = start_to_fail(of(folder))
    assert failed.exit_code == 2
    assert failed.code == "METADATA_NEWER"
    assert "9999_from_the_future" in failed.detail
    assert "newer version" in failed.hint


def test_damaged_events_are_told(folder: Path) -> None:
    for definition in (folder / "events").rglob("*.sql"):
        definition.write_bytes(b"garbage")
    failed = start_to_fail(of(folder))
    assert failed.exit_code == 2
    assert failed.code == "EVENTS_STORE_UNAVAILABLE"
    assert str(folder / "events") in failed.detail
    assert "backup" in failed.hint


def test_unreachable_stores_are_told(tmp_path: Path) -> None:
    events = {"TRAILKEEPER_EVENTS_DSN": f"clickhouse://127.0.0.1:{free_port()}/default"}
    failed = start_to_fail({**of(tmp_path), **events})
    assert failed.exit_code == 2
    assert failed.code == "EVENTS_STORE_UNAVAILABLE"
    assert "TRAILKEEPER_EVENTS_DSN" in failed.hint
    metadata = f"postgresql://alice:hunter2@127.0.0.1:{free_port()}/trailkeeper"
    failed = start_to_fail({**of(tmp_path), "TRAILKEEPER_METADATA_URL": metadata})
    assert failed.exit_code == 2
    assert failed.code == "METADATA_UNREACHABLE"
    assert "hunter2" not in failed.detail
    assert "TRAILKEEPER_METADATA_URL" in failed.hint


@pytest.fixture(scope="module", autouse=True)
def can_mind_permissions() -> None:
    """Fails early and clearly where the tests of file permissions would test nothing."""
    if os.geteuid() == 0:
        subprocess.run([*without_override(), "true"], check=True, capture_output=True)
