"""Where the demo's addresses are.

Only documentation ranges (RFC 5737, RFC 3849) and private ones (RFC 1918) occur, so no
demo event ever points at a real machine. `GEO` maps each network to its place: an MMDB
file made from `GEO` and `city_record` gives the demo its countries and cities.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Place(NamedTuple):
    """A city; `country` is the ISO 3166-1 alpha-2 code, coordinates are degrees."""

    country: str
    country_name: str
    city: str
    latitude: float
    longitude: float


class City(NamedTuple):
    """A city where people of Acme AI live, and the networks they come from.

    `homes` are IPv4 networks of 14 usable hosts each, `mobile` is an IPv6 /48; `office`
    (an IPv4 /16) and `vpn` (an IPv4 /28 of gateways) are absent where there is none.
    """

    place: Place
    time_zone: str
    homes: tuple[str, ...]
    mobile: str
    office: str | None = None
    vpn: str | None = None


BERLIN: Final = Place("DE", "Germany", "Berlin", 52.52, 13.405)
HAMBURG: Final = Place("DE", "Germany", "Hamburg", 53.551, 9.993)
FRANKFURT: Final = Place("DE", "Germany", "Frankfurt am Main", 50.11, 8.682)
LONDON: Final = Place("GB", "United Kingdom", "London", 51.507, -0.128)
WARSAW: Final = Place("PL", "Poland", "Warsaw", 52.23, 21.011)
LISBON: Final = Place("PT", "Portugal", "Lisbon", 38.722, -9.139)
NEW_YORK: Final = Place("US", "United States", "New York", 40.713, -74.006)
SAN_FRANCISCO: Final = Place("US", "United States", "San Francisco", 37.775, -122.419)
TORONTO: Final = Place("CA", "Canada", "Toronto", 43.653, -79.383)
BENGALURU: Final = Place("IN", "India", "Bengaluru", 12.972, 77.594)
SINGAPORE: Final = Place("SG", "Singapore", "Singapore", 1.352, 103.82)
SAO_PAULO: Final = Place("BR", "Brazil", "São Paulo", -23.551, -46.633)
BUCHAREST: Final = Place("RO", "Romania", "Bucharest", 44.427, 26.103)
JAKARTA: Final = Place("ID", "Indonesia", "Jakarta", -6.209, 106.846)


def _networks(prefix: str, first: int, count: int) -> tuple[str, ...]:
    """`count` neighbouring /28 networks of a documentation /24, from its block `first`."""
    return tuple(f"{prefix}.{16 * block}/28" for block in range(first, first + count))


CITIES: Final[Mapping[str, City]] = {
    city.place.city: city
    for city in (
        City(
            BERLIN,
            "Europe/Berlin",
            _networks("192.0.2", 0, 6),
            "2001:db8:10::/48",
            "10.10.0.0/16",
            "192.0.2.224/28",
        ),
        City(HAMBURG, "Europe/Berlin", _networks("192.0.2", 6, 1), "2001:db8:11::/48"),
        City(LONDON, "Europe/London", _networks("192.0.2", 7, 2), "2001:db8:12::/48"),
        City(WARSAW, "Europe/Warsaw", _networks("192.0.2", 9, 2), "2001:db8:13::/48"),
        City(
            NEW_YORK,
            "America/New_York",
            _networks("198.51.100", 0, 4),
            "2001:db8:20::/48",
            "10.20.0.0/16",
            "198.51.100.224/28",
        ),
        City(
            SAN_FRANCISCO,
            "America/Los_Angeles",
            _networks("198.51.100", 4, 2),
            "2001:db8:21::/48",
        ),
        City(TORONTO, "America/Toronto", _networks("198.51.100", 6, 2), "2001:db8:22::/48"),
        City(
            BENGALURU,
            "Asia/Kolkata",
            _networks("203.0.113", 0, 4),
            "2001:db8:30::/48",
            "10.30.0.0/16",
            "203.0.113.224/28",
        ),
        City(SINGAPORE, "Asia/Singapore", _networks("203.0.113", 4, 2), "2001:db8:31::/48"),
    )
}

DATA_CENTER: Final = "10.40.0.0/16"
# Used by nobody at Acme AI, so that each incident has an address of its own.
HOSTING: Final = "198.51.100.240/28"
FAR_COAST: Final = "198.51.100.208/28"
ABROAD: Final = "192.0.2.208/28"
# The internet's background noise: strangers who try an address once or twice.
STRANGERS: Final = ("203.0.113.128/28", "203.0.113.144/28", "203.0.113.160/28")


def _geo() -> dict[str, Place]:
    places = {DATA_CENTER: FRANKFURT, HOSTING: FRANKFURT, FAR_COAST: SAN_FRANCISCO}
    places[ABROAD] = LISBON
    places.update(zip(STRANGERS, (SAO_PAULO, BUCHAREST, JAKARTA), strict=True))
    for city in CITIES.values():
        networks = (*city.homes, city.mobile, city.office, city.vpn)
        places.update((network, city.place) for network in networks if network is not None)
    return places


GEO: Final[Mapping[str, Place]] = _geo()


def host(network: str, number: int) -> str:
    """The IPv4 address of host `number` in `network` (a /16 or a /28, in CIDR notation)."""
    base, _, length = network.partition("/")
    octets = base.split(".")
    if length == "16":
        return f"{octets[0]}.{octets[1]}.{number >> 8 & 255}.{number & 255}"
    return f"{octets[0]}.{octets[1]}.{octets[2]}.{int(octets[3]) + number}"


def city_record(place: Place) -> dict[str, dict[str, object]]:
    """`place` as a record of a GeoLite2-City-shaped MMDB file."""
    return {
        "city": {"names": {"en": place.city}},
        "country": {"iso_code": place.country, "names": {"en": place.country_name}},
        "location": {"latitude": place.latitude, "longitude": place.longitude},
    }
