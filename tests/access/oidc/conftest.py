"""Fixtures: the certified provider, and a service that may call it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.access.oidc.hostile import HostileProvider
from tests.access.oidc.real import RealProviders, running_providers
from tests.access.oidc.room import OidcRoom
from tests.outbound.far_http import far_end
from trailkeeper.store.metadata import Metadata


@pytest.fixture(scope="session")
def providers() -> Iterator[RealProviders]:
    with running_providers() as running:
        yield running


@pytest.fixture
async def room(metadata: Metadata) -> OidcRoom:
    opened = OidcRoom(metadata)
    await opened.open()
    return opened


@pytest.fixture
async def hostile() -> AsyncIterator[HostileProvider]:
    async with far_end() as far:
        yield HostileProvider(far)
