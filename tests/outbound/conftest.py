"""Fixtures: far ends on loopback, a DNS of our own, a client that may reach what a test opens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.outbound.certificates import Authority, new_authority
from tests.outbound.far_http import FakeDns, FarEnd, far_end
from trailkeeper.outbound.http import OutboundClient
from trailkeeper.outbound.reach import AllowList
from trailkeeper.outbound.tls import client_context
from trailkeeper.outbound_settings import read_allowed

NewClient = Callable[[str], OutboundClient]
"""From what an operator writes into TRAILKEEPER_OUTBOUND_ALLOW."""


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that nobody trusts."""
    return new_authority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture
async def far() -> AsyncIterator[FarEnd]:
    async with far_end() as server:
        yield server


@pytest.fixture
def dns() -> FakeDns:
    known = FakeDns()
    known.add("far.test", ["127.0.0.1"])
    return known


@pytest.fixture
def new_client(dns: FakeDns, authority: Authority) -> NewClient:
    path: Path = authority.path

    def new(allowed: str = "") -> OutboundClient:
        return OutboundClient(AllowList(read_allowed(allowed)), client_context(path), dns)

    return new


@pytest.fixture
def client(new_client: NewClient) -> OutboundClient:
    """May call far.test, and nothing else that is private."""
    return new_client("far.test")
