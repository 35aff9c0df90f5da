"""Where an event came from: its own address, or the connection's through trusted proxies only."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.capture.geo import write_city_database
from tests.engine import Clock, Service, in_process
from trailkeeper.settings import Settings

LOGIN = {"action": "LOGIN", "resource_type": "USER"}
PROXY = "10.0.0.9"


@pytest.fixture
async def behind_proxy(service_settings: Settings, tmp_path: Path) -> AsyncIterator[Service]:
    """A service that trusts the proxies of 10.0.0.0/8 and knows where addresses are."""
    settings = replace(
        service_settings,
        trusted_proxies=(ipaddress.ip_network("10.0.0.0/8"),),
        mmdb=write_city_database(tmp_path / "city.mmdb"),
    )
    async with in_process(settings, Clock()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("peer", "forwarded", "own", "address"),
    [
        (PROXY, "192.0.2.7", None, "192.0.2.7"),
        (PROXY, "6.6.6.6, 192.0.2.7", None, "192.0.2.7"),
        (PROXY, "6.6.6.6, 192.0.2.7, 10.1.1.1", None, "192.0.2.7"),
        (PROXY, "2001:db8:8::1", None, "2001:db8:8::1"),
        (PROXY, None, None, PROXY),
        (PROXY, "not an address", None, PROXY),
        ("203.0.113.5", "192.0.2.7", None, "203.0.113.5"),
        (PROXY, "192.0.2.7", "198.51.100.1", "198.51.100.1"),
    ],
)
async def test_the_address_is_the_events_own_or_the_first_untrusted_hops(
    behind_proxy: Service, peer: str, forwarded: str | None, own: str | None, address: str
) -> None:
    _, token = await behind_proxy.new_organization()
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    event = {**LOGIN, "ip_address": own} if own is not None else LOGIN
    async with behind_proxy.client(token, peer) as client:
        receipt = (await client.post("/audit-logs/", json=event, headers=headers)).json()
        stored = (await client.get(f"/audit-logs/{receipt['id']}")).json()

    assert stored["ip_address"] == address


async def test_an_event_is_enriched_by_address_agent_and_time_zone(behind_proxy: Service) -> None:
    _, token = await behind_proxy.new_organization(time_zone="Asia/Tokyo")
    event = {**LOGIN, "user_agent": "curl/8.5.0", "timestamp": "2026-03-01T15:30:00Z"}
    async with behind_proxy.client(token, PROXY) as client:
        headers = {"X-Forwarded-For": "192.0.2.7"}
        receipt = (await client.post("/audit-logs/", json=event, headers=headers)).json()
        stored = (await client.get(f"/audit-logs/{receipt['id']}")).json()

    enrich = stored["enrich"]
    assert (enrich["country"], enrich["city"], enrich["browser"]) == ("DE", "Berlin", "curl")
    assert enrich["latitude"] == pytest.approx(52.52, abs=1e-4)
    assert (enrich["local_hour"], enrich["local_weekday"]) == (0, 1)


async def test_nobodys_header_is_believed_by_default(service: Service) -> None:
    _, token = await service.new_organization()
    async with service.client(token, PROXY) as client:
        headers = {"X-Forwarded-For": "192.0.2.7"}
        receipt = (await client.post("/audit-logs/", json=LOGIN, headers=headers)).json()
        stored = (await client.get(f"/audit-logs/{receipt['id']}")).json()

    assert stored["ip_address"] == PROXY
