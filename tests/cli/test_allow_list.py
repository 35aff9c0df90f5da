"""Allow-lists, rotation and changes of keys: on this machine's metadata, and over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from tests.cli.conftest import Cli
from tests.client.unique import unique
from tests.live import LiveServer
from tests.orgs import new_organization
from trailkeeper.access.keys import key_id_of
from trailkeeper.client import Client, ClientError, Event

SECONDS = 20.0

Result = TypeVar("Result")


@pytest.fixture
def local(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line over a data folder of its own with one organization, `acme`."""
    monkeypatch.setenv("TRAILKEEPER_DATA", str(tmp_path / "data"))
    cli("org", "create", "Acme")
    return cli


def networks(cli: Cli, *arguments: object) -> list[str]:
    entries = cli("allow-list", "show", *arguments, "--json").json["entries"]
    return [each["network"] for each in entries]


def test_networks_are_added_shown_removed_and_cleared(local: Cli) -> None:
    added = local(
        "allow-list", "add", "203.0.113.0/24", "::ffff:192.0.2.1", "--note", "office", "--json"
    )
    assert added.json["entries"] == [
        {"network": "203.0.113.0/24", "note": "office"},
        {"network": "192.0.2.1", "note": "office"},
    ]
    assert "office" in local("allow-list", "show").out
    assert local("allow-list", "add", "2001:db8::/32", "--organization", "acme").code == 0
    assert local("allow-list", "remove", "192.0.2.1/32", "--org", "acme").code == 0
    assert networks(local) == ["203.0.113.0/24", "2001:db8::/32"]
    cleared = local("allow-list", "clear")
    assert "everyone is let through" in cleared.err
    assert networks(local) == []


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        (["add", "nowhere"], 1, "INVALID_NETWORK"),
        (["add", "10.0.0.0/8", "10.0.0.1"], 1, "NETWORK_COVERED"),
        (["remove", "10.0.0.1"], 4, "NETWORK_NOT_FOUND"),
        (["remove", "nowhere"], 2, "INVALID_NETWORK"),
        (["show", "--organization", "nobody"], 4, "ORGANIZATION_NOT_FOUND"),
        (["clear", "--organization", "nobody"], 4, "ORGANIZATION_NOT_FOUND"),
    ],
)
def test_what_cannot_be_is_told(local: Cli, arguments: list[str], code: int, name: str) -> None:
    outcome = local("allow-list", *arguments)
    assert outcome.code == code
    assert f"error[{name}]" in outcome.err
    assert networks(local) == []


def test_a_key_is_changed_and_rotated_on_the_machine(local: Cli) -> None:
    made = local("key", "create", "ci", "--allow", "10.0.0.0/8", "--json").json
    changed = local("key", "set", made["id"], "--name", "build", "--allow", "192.0.2.1", "--json")
    assert (changed.json["name"], changed.json["allow_list"]) == ("build", ["192.0.2.1"])
    rotated = local("key", "rotate", made["id"], "--overlap-hours", 2)
    assert key_id_of(rotated.out.strip()) not in (None, made["id"])
    assert "works 2 h more" in rotated.err
    listed = {each["id"]: each for each in local("key", "list", "--json").json["items"]}
    assert listed[made["id"]]["replaced_by"] == key_id_of(rotated.out.strip())
    assert listed[made["id"]]["expires_at"] is not None
    everywhere = local("key", "set", str(key_id_of(rotated.out.strip())), "--allow-everywhere")
    assert everywhere.code == 0
    again = local("key", "rotate", made["id"])
    assert (again.code, "error[KEY_REPLACED]" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["key", "set", "0123456789abcdef"], "NOTHING_TO_SET"),
        (
            ["key", "set", "0123456789abcdef", "--allow", "10.0.0.1", "--allow-everywhere"],
            "TWO_LISTS",
        ),
    ],
)
def test_wrong_usage_is_told_with_a_code(local: Cli, arguments: list[str], code: str) -> None:
    outcome = local(*arguments)
    assert outcome.code == 2
    assert f"error[{code}]" in outcome.err


def test_whoever_locked_everyone_out_gets_back_in_on_the_server(
    cli: Cli, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAILKEEPER_DATA", str(live_server.data))
    organization, token = new_organization(live_server)
    with Client(live_server.url, token) as client:
        with pytest.raises(ClientError) as unconfirmed:
            client.set_allow_list({"192.0.2.0/24": "elsewhere"})
        client.set_allow_list({"192.0.2.0/24": "elsewhere"}, confirm_lock_out=True)
        with pytest.raises(ClientError) as locked_out:
            client.allow_list()
        assert networks(cli, "--organization", organization) == ["192.0.2.0/24"]
        assert cli("allow-list", "clear", "--organization", organization).code == 0
        assert _wait_for(client.allow_list) == {"entries": [], "your_address": "127.0.0.1"}
        cleared, locked = _wait_for(lambda: _changes(client))

    assert unconfirmed.value.code == "WOULD_LOCK_OUT"
    assert locked_out.value.code == "ADDRESS_NOT_ALLOWED"
    assert (cleared.source, locked.source) == ("CLI", "API")
    assert cleared.details["old_value"] == ["192.0.2.0/24 (elsewhere)"]
    assert locked.details["locks_out_author"] is True


def test_keys_are_changed_and_rotated_over_http(cli: Cli, live_server: LiveServer) -> None:
    _, token = new_organization(live_server)
    at = ["--url", live_server.url, "--key", token]
    made = cli("key", "create", unique("key"), *at, "--allow", "127.0.0.0/8", "--json").json
    assert made["allow_list"] == ["127.0.0.0/8"]
    changed = cli("key", "set", made["id"], *at, "--allow", "192.0.2.1", "--json").json
    assert changed["allow_list"] == ["192.0.2.1"]
    with Client(live_server.url, made["key"]) as client, pytest.raises(ClientError) as raised:
        client.record("A", "B")
    assert raised.value.code == "ADDRESS_NOT_ALLOWED"
    assert cli("key", "set", made["id"], *at, "--allow-everywhere").code == 0
    new = cli("key", "rotate", made["id"], *at, "--overlap-hours", 0).out.strip()
    with Client(live_server.url, new) as client:
        client.record("A", "B")
    with Client(live_server.url, made["key"]) as client, pytest.raises(ClientError) as raised:
        client.record("A", "B")
    assert raised.value.code == "EXPIRED_KEY"
    by = ["--created-by", f"api-key:{key_id_of(token)}", "--json"]
    assert len(cli("key", "list", *at, *by).json["items"]) == 2


def _changes(client: Client) -> tuple[Event, Event]:
    """The last two changes of the allow-list, the newest first."""
    found = list(client.events(resource_type="ALLOW_LIST"))
    return found[0], found[1]


def _wait_for(attempt: Callable[[], Result]) -> Result:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return attempt()
        except (ClientError, IndexError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
