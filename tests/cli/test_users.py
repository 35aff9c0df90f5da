"""`trailkeeper user`: people on this machine's metadata, and over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.live import LiveServer
from tests.orgs import new_organization
from trailkeeper.client import Client


@pytest.fixture
def local(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line over a data folder of its own with one organization."""
    monkeypatch.setenv("TRAILKEEPER_DATA", str(tmp_path / "data"))
    assert cli("org", "create", "Acme").code == 0
    return cli


def test_people_on_this_machine(local: Cli) -> None:
    invited = local("user", "invite", "Ada@X.io", "Ada L.", "ADMIN", "--user-id", "ada", "--json")
    changed = local("user", "role", "ada", "TESTER", "--json")
    disabled = local("user", "disable", "ada", "--json")
    enabled = local("user", "enable", "ada", "--json")
    listed = local("user", "list", "--search", "ada", "--status", "observed", "--sort", "name")
    none = local("user", "list", "--role", "ADMIN", "--json")

    assert invited.code == 0, invited.err
    assert (invited.json["user_id"], invited.json["user_email"]) == ("ada", "ada@x.io")
    assert (invited.json["status"], invited.json["role"]) == ("invited", "ADMIN")
    assert changed.json["role"] == "TESTER"
    # Without an account there is nothing to enable: the invitation was voided.
    assert (disabled.json["status"], enabled.json["status"]) == ("disabled", "observed")
    assert listed.lines[1].split("\t")[:5] == ["ada", "Ada L.", "ada@x.io", "TESTER", "observed"]
    assert none.json == {"items": []}


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        (["user", "role", "nobody", "ADMIN"], 4, "USER_NOT_FOUND"),
        (["user", "invite", "no address", "X", "ADMIN"], 1, "INVALID_EMAIL"),
        (["user", "invite", "a@x.io", "X", "KING"], 1, "ROLE_UNKNOWN"),
        (["user", "list", "--org", "nobody"], 4, "ORGANIZATION_NOT_FOUND"),
    ],
)
def test_what_cannot_be_is_told(local: Cli, arguments: list[str], code: int, name: str) -> None:
    outcome = local(*arguments)

    assert outcome.code == code
    assert f"error[{name}]" in outcome.err


def test_people_over_http(cli: Cli, live_server: LiveServer) -> None:
    _, token = new_organization(live_server)
    at = ["--url", live_server.url, "--key", token]
    with Client(live_server.url, token) as client:
        client.put_user("a/b", "Ada", email="ada@x.io", role="TESTER")
    invited = cli("user", "invite", "ada@x.io", "Ada", "ADMIN", *at, "--json")
    changed = cli("user", "role", "a/b", "DEVOPS", *at, "--json")
    disabled = cli("user", "disable", "a/b", *at, "--json")
    enabled = cli("user", "enable", "a/b", *at, "--json")
    listed = cli("user", "list", *at, "--role", "DEVOPS", "--role", "ADMIN", "--json")

    assert invited.code == 0, invited.err
    assert invited.json["user_id"] == "a/b"
    assert changed.json["role"] == "DEVOPS"
    assert (disabled.json["status"], enabled.json["status"]) == ("disabled", "observed")
    assert [user["user_id"] for user in listed.json["items"]] == ["a/b"]
