"""Which addresses a call may reach.

Only addresses of the public internet, and what an operator has named. Registries: IANA's
special-purpose addresses for IPv4 and IPv6 (RFC 6890), written out here because the standard
library's `is_global` knows them only in part and differently from release to release.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trailkeeper.outbound_settings import Allowed, AllowedHost, AllowedNetwork, Network

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(StrEnum):
    """Why an address is out of reach."""

    UNSPECIFIED = "unspecified"
    LOOPBACK = "loopback"
    PRIVATE = "private"
    CARRIER_NAT = "carrier-grade NAT"
    LINK_LOCAL = "link-local"
    MULTICAST = "multicast"
    RESERVED = "reserved"
    METADATA = "a cloud's metadata service"


METADATA: Final = frozenset(
    ipaddress.ip_address(each)
    for each in (
        "169.254.169.254",  # AWS, Azure, Google, OpenStack and most others
        "169.254.169.253",  # AWS, the resolver
        "169.254.169.123",  # AWS, the time server
        "169.254.170.2",  # AWS, credentials of a container
        "169.254.170.23",  # AWS, credentials of a pod
        "169.254.42.42",  # Scaleway
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure's wire server: an address that looks public
        "192.0.0.192",  # Oracle
        "fd00:ec2::254",
        "fd00:ec2::253",
        "fd00:ec2::123",
        "fd00:ec2::23",
        "fd00:42::42",
        "fd20:ce::254",
    )
)

_V4: Final = (
    ("0.0.0.0/8", Unreachable.UNSPECIFIED),
    ("10.0.0.0/8", Unreachable.PRIVATE),
    ("100.64.0.0/10", Unreachable.CARRIER_NAT),
    ("127.0.0.0/8", Unreachable.LOOPBACK),
    ("169.254.0.0/16", Unreachable.LINK_LOCAL),
    ("172.16.0.0/12", Unreachable.PRIVATE),
    ("192.0.0.0/24", Unreachable.RESERVED),
    ("192.0.2.0/24", Unreachable.RESERVED),
    ("192.31.196.0/24", Unreachable.RESERVED),
    ("192.52.193.0/24", Unreachable.RESERVED),
    ("192.88.99.0/24", Unreachable.RESERVED),
    ("192.168.0.0/16", Unreachable.PRIVATE),
    ("192.175.48.0/24", Unreachable.RESERVED),
    ("198.18.0.0/15", Unreachable.RESERVED),
    ("198.51.100.0/24", Unreachable.RESERVED),
    ("203.0.113.0/24", Unreachable.RESERVED),
    ("224.0.0.0/4", Unreachable.MULTICAST),
    ("240.0.0.0/4", Unreachable.RESERVED),
)

_V6: Final = (
    ("::/128", Unreachable.UNSPECIFIED),
    ("::1/128", Unreachable.LOOPBACK),
    ("fc00::/7", Unreachable.PRIVATE),
    ("fec0::/10", Unreachable.PRIVATE),
    ("fe80::/10", Unreachable.LINK_LOCAL),
    ("ff00::/8", Unreachable.MULTICAST),
    ("2001::/23", Unreachable.RESERVED),  # Teredo, ORCHID, benchmarks
    ("2001:db8::/32", Unreachable.RESERVED),
    ("3fff::/20", Unreachable.RESERVED),
)

_NETWORKS: Final[tuple[tuple[Network, Unreachable], ...]] = tuple(
    (ipaddress.ip_network(text), why) for text, why in (*_V4, *_V6)
)

_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR: Final = ipaddress.IPv6Network("2002::/16")


def why_unreachable(address: IpAddress) -> Unreachable | None:
    """Why a call may not go to this address; None where it may."""
    inner = embedded_ipv4(address)
    if inner is not None:
        return why_unreachable(inner)
    if address in METADATA:
        return Unreachable.METADATA
    for network, why in _NETWORKS:
        if address in network:
            return why
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return Unreachable.LINK_LOCAL
        if address not in _GLOBAL_UNICAST:
            return Unreachable.RESERVED
    return None


def embedded_ipv4(address: IpAddress) -> ipaddress.IPv4Address | None:
    """The IPv4 address that traffic to an IPv6 address really reaches.

    IPv4-mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056).
    """
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _MAPPED or address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _SIX_TO_FOUR:
        return ipaddress.IPv4Address(int(address) >> 80 & 0xFFFF_FFFF)
    return None


@dataclass(frozen=True, slots=True)
class AllowList:
    """What an operator has opened: named hosts whatever their address, and networks."""

    entries: tuple[Allowed, ...] = ()

    def names_port(self, host: str, addresses: Iterable[IpAddress], port: int) -> bool:
        """Is this very port named, for the host or for each of its addresses?"""
        named = [each for each in self.entries if each.port == port]
        if _names_host(named, host):
            return True
        found = list(addresses)
        return bool(found) and all(_holds(named, address) for address in found)

    def why_unreachable(self, host: str, address: IpAddress, port: int) -> Unreachable | None:
        """As the function of this name, with what the operator has opened.

        A metadata service hands out the machine's credentials: neither a host's name nor a wide
        network opens the way to it, only its very address.
        """
        why = why_unreachable(address)
        if why is None:
            return None
        entries = [each for each in self.entries if each.port in (None, port)]
        if why is Unreachable.METADATA:
            entries = [each for each in entries if _is_one_address(each)]
            return None if _holds(entries, address) else why
        return None if _names_host(entries, host) or _holds(entries, address) else why


def _names_host(entries: Iterable[Allowed], host: str) -> bool:
    return any(isinstance(each, AllowedHost) and each.name == host for each in entries)


def _holds(entries: Iterable[Allowed], address: IpAddress) -> bool:
    reached = embedded_ipv4(address) or address
    return any(isinstance(each, AllowedNetwork) and reached in each.network for each in entries)


def _is_one_address(entry: Allowed) -> bool:
    return isinstance(entry, AllowedNetwork) and entry.network.num_addresses == 1
