"""A small City database, as an operator would name in TRAILKEEPER_MMDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmdb_writer import MmdbF64, MMDBWriter
from netaddr import IPSet  # type: ignore[import-untyped]

BERLIN = "192.0.2.0/25"
TOKYO = "2001:db8:8::/48"
COUNTRY_ONLY = "198.51.100.0/24"
UNUSUAL = "203.0.113.0/24"


def city(country: str, name: str, latitude: float, longitude: float) -> dict[str, Any]:
    return {
        "country": {"iso_code": country},
        "city": {"names": {"de": f"{name} (de)", "en": name}},
        "location": {"latitude": MmdbF64(latitude), "longitude": MmdbF64(longitude)},
    }


def write_city_database(path: Path, *, ip_version: int = 6) -> Path:
    writer = MMDBWriter(
        ip_version=ip_version, ipv4_compatible=ip_version == 6, database_type="GeoLite2-City"
    )
    writer.insert_network(IPSet([BERLIN]), city("DE", "Berlin", 52.52, 13.405))
    writer.insert_network(IPSet([COUNTRY_ONLY]), {"country": {"iso_code": "US"}})
    writer.insert_network(IPSet([UNUSUAL]), {"country": "FR", "location": {"latitude": "north"}})
    if ip_version == 6:
        writer.insert_network(IPSet([TOKYO]), city("JP", "Tokyo", 35.69, 139.69))
    writer.to_db_file(str(path))
    return path
