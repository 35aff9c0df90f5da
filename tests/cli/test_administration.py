"""Organizations and keys: on this machine's metadata, and over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.client.unique import unique
from tests.live import LiveServer
from trailkeeper.client import Client, ClientError


@pytest.fixture
def local(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line over a data folder of its own, before any server's first start."""
    monkeypatch.setenv("TRAILKEEPER_DATA", str(tmp_path / "data"))
    return cli


def test_an_organization_is_made_shown_changed_and_listed(local: Cli) -> None:
    created = local("org", "create", "Acme, Inc.", "--time-zone", "Europe/Berlin", "--json").json
    assert (created["id"], created["retention_days"]) == ("acme-inc", 90)
    changed = local(
        *("org", "set", "acme-inc", "--retention-days", 30, "--name", "Acme"),
        *("--retention-rules", '[{"action": "login", "days": 365}]'),
        *("--redaction", '{"paths": ["request.body"]}'),
    )
    assert changed.code == 0
    shown = local("org", "show", "acme-inc", "--json").json
    assert (shown["name"], shown["time_zone"]) == ("Acme", "Europe/Berlin")
    assert shown["retention_days"] == 30
    assert shown["retention_rules"][0] == {"action": "LOGIN", "days": 365, "resource_type": None}
    assert shown["redaction"]["paths"] == ["request.body"]
    assert local("org", "list").lines[1].split("\t")[:2] == ["acme-inc", "Acme"]


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        (["org", "show", "nobody"], 4, "ORGANIZATION_NOT_FOUND"),
        (["org", "create", "X", "--time-zone", "Mars/Olympus"], 1, "INVALID_TIME_ZONE"),
        (["org", "create", "X", "--id", "Not An Id"], 1, "INVALID_ORGANIZATION_ID"),
        (["org", "set", "nobody", "--redaction", '{"colour": 1}'], 2, "INVALID_CHANGES"),
        (["key", "list"], 2, "WHICH_ORGANIZATION"),
        (["key", "list", "--org", "nobody"], 4, "ORGANIZATION_NOT_FOUND"),
        (["key", "create", "x", "--org", "nobody"], 4, "ORGANIZATION_NOT_FOUND"),
    ],
)
def test_what_cannot_be_is_told(local: Cli, arguments: list[str], code: int, name: str) -> None:
    outcome = local(*arguments)
    assert outcome.code == code
    assert f"error[{name}]" in outcome.err
    assert outcome.out == ""


def test_a_key_is_printed_once_listed_without_secret_and_revoked(local: Cli) -> None:
    local("org", "create", "Acme")
    created = local("key", "create", "billing", "-p", "event:write", "-p", "user:view")
    key = created.out.strip()
    assert key.startswith("tk_")
    assert "not shown again" in created.err
    [listed] = local("key", "list", "--json").json["items"]
    assert listed["permissions"] == ["event:write", "user:view"]
    assert (listed["revoked_at"], listed["expires_at"]) == (None, None)
    assert key not in local("key", "list").out
    assert local("key", "revoke", listed["id"]).code == 0
    assert local("key", "list", "--json").json["items"][0]["revoked_at"] is not None
    assert local("key", "revoke", "0123456789abcdef").code == 4


def test_with_two_organizations_one_must_be_named(local: Cli) -> None:
    local("org", "create", "One")
    local("org", "create", "Two")
    outcome = local("key", "list")
    assert outcome.code == 2
    assert "one, two" in outcome.err
    assert local("key", "create", "x", "--org", "two").code == 0
    assert local("key", "list", "--org", "one", "--json").json["items"] == []


def test_a_key_made_on_the_machine_opens_the_running_server_for_its_organization_alone(
    cli: Cli, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAILKEEPER_DATA", str(live_server.data))
    organization = unique("org")
    assert cli("org", "create", "Other", "--id", organization).code == 0
    made = cli("key", "create", "x", "--org", organization, "-p", "settings:view", "--json").json
    with Client(live_server.url, made["key"]) as client:
        assert client.organization()["id"] == organization


def test_keys_over_http(online: Cli, live_server: LiveServer) -> None:
    at = ["--url", live_server.url]
    created = online("key", "create", unique("key"), *at, "--expires-in-days", 1, "--json").json
    assert created["permissions"] == ["event:write"]
    assert created["expires_at"] is not None
    assert created["id"] in online("key", "list", *at).out
    assert online("key", "revoke", created["id"], *at).code == 0
    with Client(live_server.url, created["key"]) as client, pytest.raises(ClientError) as raised:
        client.record("A", "B")
    assert raised.value.code == "REVOKED_KEY"


def test_a_key_cannot_make_a_stronger_one(online: Cli, live_server: LiveServer) -> None:
    at = ["--url", live_server.url]
    weak = online("key", "create", unique("key"), *at, "-p", "key:manage").out.strip()
    outcome = online("key", "create", "x", *at, "--key", weak, "-p", "user:manage")
    assert outcome.code == 3
    assert "error[PERMISSIONS_TOO_WIDE]" in outcome.err
