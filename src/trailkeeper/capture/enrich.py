"""Step 4, enrich: what can be worked out from the event is added to it.

The user agent becomes browser, operating system and device; the address becomes country,
city and coordinates through the operator's MMDB file; the time becomes hour and weekday in
the organization's time zone. Nothing that was sent is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import maxminddb
import ua_parser

from trailkeeper.errors import ConfigurationError
from trailkeeper.event import NO_ADDRESS, StoredEvent, displayed_address


class Place(NamedTuple):
    """Where an address is, as far as the database knows."""

    country: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Agent(NamedTuple):
    """What a user agent says it is."""

    browser: str = ""
    os: str = ""
    device: str = ""


UNKNOWN_PLACE: Final = Place()
UNKNOWN_AGENT: Final = Agent()


class GeoDatabase:
    """Look-ups in the operator's MMDB file (GeoIP2 City layout).

    Raises ConfigurationError where the file is not such a database.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._reader = maxminddb.open_database(path)
        except (maxminddb.InvalidDatabaseError, OSError, ValueError) as error:
            raise ConfigurationError(
                "INVALID_MMDB",
                f"TRAILKEEPER_MMDB: {path} cannot be read: {error}",
                hint="Name a City database in MMDB format, or leave the setting out.",
                field="TRAILKEEPER_MMDB",
            ) from None

    def place(self, address: str) -> Place:
        try:
            found = self._reader.get(address)
        except ValueError:
            # An IPv6 address in a database that holds IPv4 only.
            return UNKNOWN_PLACE
        if not isinstance(found, Mapping):
            return UNKNOWN_PLACE
        location = _mapping(found, "location")
        return Place(
            country=str(_mapping(found, "country").get("iso_code", "")),
            city=str(_mapping(_mapping(found, "city"), "names").get("en", "")),
            latitude=_number(location.get("latitude")),
            longitude=_number(location.get("longitude")),
        )


def _mapping(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = record.get(key)
    return inner if isinstance(inner, Mapping) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


class Enricher:
    """Adds derived fields to events. Pure apart from its look-up caches."""

    def __init__(self, geo: GeoDatabase | None) -> None:
        self._place = lru_cache(maxsize=65_536)(geo.place) if geo else None

    def enrich(self, event: StoredEvent, zone: ZoneInfo) -> None:
        """Fills the derived fields of `event`, whose `timestamp` is in UTC."""
        if event.user_agent:
            event.browser, event.os, event.device = read_agent(event.user_agent)
        if self._place is not None and event.ip_address != NO_ADDRESS:
            address = displayed_address(event.ip_address)
            if address is not None:
                place = self._place(address)
                event.country, event.city, event.latitude, event.longitude = place
        local = event.timestamp.astimezone(zone)
        event.local_hour, event.local_weekday = local.hour, local.isoweekday()


@lru_cache(maxsize=16_384)
def read_agent(user_agent: str) -> Agent:
    """Browser, operating system and device of a user agent; unknown parts are empty."""
    parsed = ua_parser.parse(user_agent)
    browser = parsed.user_agent
    system = parsed.os
    device = parsed.device
    return Agent(
        browser=browser.family if browser and browser.family != "Other" else "",
        os=system.family if system and system.family != "Other" else "",
        device=device.family if device and device.family != "Other" else "",
    )
