"""The demo's places as a database that enrichment can read."""

from __future__ import annotations

from pathlib import Path

from mmdb_writer import MMDBWriter
from netaddr import IPSet  # type: ignore[import-untyped]

from trailkeeper.demo.geo import GEO, city_record


def write_geo(path: Path) -> None:
    """An MMDB file (GeoLite2-City layout) of the networks that the demo's people use."""
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="GeoLite2-City")
    for network, place in GEO.items():
        writer.insert_network(IPSet([network]), city_record(place))
    writer.to_db_file(str(path))
