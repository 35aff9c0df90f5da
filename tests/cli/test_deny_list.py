"""What is blocked, seen and undone on the server's own machine."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from trailkeeper.access.allow_list import AllowedNetwork
from trailkeeper.access.deny_list import block
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.store.metadata import Metadata


@pytest.fixture
def local(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line over an organization, `acme`, that blocks two networks."""
    monkeypatch.setenv("TRAILKEEPER_DATA", str(tmp_path / "data"))
    cli("org", "create", "Acme")
    asyncio.run(_block(tmp_path / "data" / "metadata.db"))
    return cli


async def _block(path: Path) -> None:
    metadata = Metadata.open(f"sqlite+aiosqlite:///{path}")
    entries = [
        AllowedNetwork(network="198.51.100.0/24", note="guessed passwords"),
        AllowedNetwork(network="192.0.2.1"),
    ]
    async with metadata.transaction() as session:
        await block(session, system_tenant(OrganizationId("acme")), entries, datetime.now(UTC))
    await metadata.close()


def networks(cli: Cli) -> list[str]:
    return [each["network"] for each in cli("deny-list", "show", "--json").json["entries"]]


def test_what_is_blocked_is_shown_taken_off_and_cleared(local: Cli) -> None:
    assert "guessed passwords" in local("deny-list", "show").out
    assert local("deny-list", "remove", "192.0.2.1", "--org", "acme").code == 0
    assert networks(local) == ["198.51.100.0/24"]
    unknown = local("deny-list", "remove", "192.0.2.1")
    assert (unknown.code, "NETWORK_NOT_BLOCKED" in unknown.err) == (4, True)
    assert "nobody is blocked" in local("deny-list", "clear").err
    assert local("deny-list", "clear").code == 0
    assert networks(local) == []
