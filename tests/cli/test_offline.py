"""What the command line does where nothing can be reached: usage, errors, exit codes."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.cli.conftest import Cli
from trailkeeper import __version__

NOBODY = "http://127.0.0.1:9"


def test_version(cli: Cli) -> None:
    outcome = cli("--version")
    assert (outcome.code, outcome.out) == (0, f"trailkeeper {__version__}\n")


def test_help_groups_the_commands(cli: Cli) -> None:
    outcome = cli("--help")
    assert outcome.code == 0
    for group in ("Events", "Running the service", "Administration", "Exit codes"):
        assert group in outcome.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["search", "--limit", "0"],
        ["search", "--limit", "1001"],
        ["export", "--format", "pdf"],
        ["record", "CREATE"],
        ["key", "create", "x", "-p", "event:everything"],
        ["import", "does-not-exist.csv"],
    ],
)
def test_wrong_usage_is_2(cli: Cli, arguments: list[str]) -> None:
    assert cli(*arguments).code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["search"], "NO_API_KEY"),
        (["search", "--key", "tk_x", "--url", "localhost"], "INVALID_CONNECTION"),
        (["search", "--key", "tk_x", "--details", "x"], "INVALID_DETAILS"),
        (["search", "--key", "tk_x", "--since", "9999999999w"], "INVALID_AGE"),
        (["export", "--key", "tk_x", "-o", "events.pdf"], "UNKNOWN_FORMAT"),
        (["record", "A", "B", "--key", "tk_x", "--details", "["], "INVALID_DETAILS"),
        (["key", "list", "--url", NOBODY, "--org", "x"], "TWO_PLACES"),
        (["demo", "--key", "tk_x", "--now", "soon"], "INVALID_TIME"),
        (["demo", "--key", "tk_x", "--now", "2026-01-01T00:00:00"], "INVALID_TIME"),
        (["org", "set", "x"], "NOTHING_TO_SET"),
        (["org", "set", "x", "--redaction", "{"], "INVALID_JSON"),
    ],
)
def test_wrong_usage_is_told_with_a_code(cli: Cli, arguments: list[str], code: str) -> None:
    outcome = cli(*arguments)
    assert outcome.code == 2
    assert f"error[{code}]" in outcome.err
    assert outcome.out == ""
    assert "Traceback" not in outcome.err


def test_a_wrong_setting_is_2_with_what_to_write(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAILKEEPER_PORT", "many")
    outcome = cli("org", "list")
    assert outcome.code == 2
    assert "error[INVALID_SETTING]: TRAILKEEPER_PORT" in outcome.err
    assert "hint: Write" in outcome.err


def test_no_server_is_5_with_what_to_do(cli: Cli) -> None:
    outcome = cli("search", "--url", NOBODY, "--key", "tk_x")
    assert outcome.code == 5
    assert "error[SERVER_UNREACHABLE]" in outcome.err
    assert "trailkeeper serve" in outcome.err


def test_with_json_an_error_is_the_problem_document(cli: Cli) -> None:
    outcome = cli("search", "--json", "--url", NOBODY, "--key", "tk_x")
    assert outcome.out == ""
    assert msgspec.json.decode(outcome.err)["code"] == "SERVER_UNREACHABLE"


def test_a_key_file_that_is_missing_is_told_by_its_name(cli: Cli, tmp_path: Path) -> None:
    outcome = cli("search", "--key-file", tmp_path / "none")
    assert outcome.code == 1
    assert f"error[FILE_ERROR]: {tmp_path / 'none'}" in outcome.err


def test_the_thin_install_says_what_is_missing(tmp_path: Path) -> None:
    """Runs the command line where the server's dependencies cannot be imported."""
    blocked = "sqlalchemy litestar granian chdb clickhouse_connect maxminddb alembic uvloop"
    script = (
        "import sys\n"
        f"for name in {blocked.split()!r}: sys.modules[name] = None\n"
        "from trailkeeper.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for command in (["serve", "--port", str(port), "--data", str(tmp_path)], ["org", "list"]):
        ran = subprocess.run(
            [sys.executable, "-c", script, *command],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            cwd=tmp_path,
        )
        assert ran.returncode == 1, ran.stderr
        assert "error[SERVER_NOT_INSTALLED]" in ran.stderr
        assert "pip install 'trailkeeper[server]'" in ran.stderr
        assert "Traceback" not in ran.stderr


def test_python_m_works() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "trailkeeper.cli", "--version"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout.strip() == f"trailkeeper {__version__}"
