"""`GEO` becomes a MaxMind database that knows every address of the demo."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from pathlib import Path

import maxminddb

from tests.demo.story import Told
from trailkeeper.demo import GEO, city_record
from trailkeeper.demo.places import write_geo


def test_a_database_of_geo_places_every_address(told: list[Told], tmp_path: Path) -> None:
    write_geo(tmp_path / "demo.mmdb")
    networks = {ip_network(text): place for text, place in GEO.items()}
    addresses = {event.ip_address for _, event in told if event.ip_address is not None}
    assert len(addresses) > 100
    with maxminddb.open_database(tmp_path / "demo.mmdb") as database:
        for address in addresses:
            place = next(networks[n] for n in networks if ip_address(address) in n)
            assert database.get(address) == city_record(place)


def test_networks_do_not_overlap() -> None:
    networks = [ip_network(text) for text in GEO]
    for place, one in enumerate(networks):
        assert not any(
            one.overlaps(other) for other in networks[place + 1 :] if other.version == one.version
        )
