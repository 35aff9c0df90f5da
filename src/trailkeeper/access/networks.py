"""Networks as allow-lists write them, and whether an address is in one of many.

An entry is a single address or a network in CIDR notation. IPv4-mapped IPv6 (`::ffff:a.b.c.d`,
RFC 4291 2.5.5.2) is the IPv4 address it carries, in lists and in requests alike, so that a
socket that takes both kinds cannot be a way around the list.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from trailkeeper.access.address import parse_address
from trailkeeper.errors import BadRequest
from trailkeeper.settings import Network

MAX_NETWORKS: Final = 500
MAPPED_BITS: Final = 96
"""The bits before the IPv4 address in an IPv4-mapped one."""

_SHAPE: Final = re.compile(r"([0-9A-Fa-f.:]{2,45})(?:/([0-9]{1,3}))?")


class NetworkSet:
    """Networks, asked whether they hold an address.

    One look per length of prefix, however many networks: 500 cost no more than 5.
    """

    def __init__(self, networks: Iterable[Network]) -> None:
        self._starts: dict[tuple[int, int], set[int]] = {}
        for network in networks:
            shift = network.max_prefixlen - network.prefixlen
            starts = self._starts.setdefault((network.version, shift), set())
            starts.add(int(network.network_address) >> shift)

    def __bool__(self) -> bool:
        return bool(self._starts)

    def holds(self, address: str | None) -> bool:
        """Whether the address is in one of them. One that is not known (None) is in none."""
        parsed = parse_address(address) if address is not None else None
        if parsed is None:
            return False
        number = int(parsed)
        return any(
            version == parsed.version and number >> shift in starts
            for (version, shift), starts in self._starts.items()
        )


@lru_cache(maxsize=4096)
def network_set(networks: tuple[str, ...]) -> NetworkSet:
    """The set of networks in normal form (`checked_networks`)."""
    return NetworkSet(ipaddress.ip_network(each) for each in networks)


def parse_network(text: str) -> Network:
    """The network, or the single address as one. Raises ValueError saying what is wrong."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise ValueError("is neither an address nor a network such as 203.0.113.0/24")
    try:
        address = ipaddress.ip_address(match[1])
    except ValueError:
        raise ValueError("is neither an address nor a network such as 203.0.113.0/24") from None
    prefix = int(match[2]) if match[2] is not None else address.max_prefixlen
    if prefix > address.max_prefixlen:
        raise ValueError(f"has a prefix longer than /{address.max_prefixlen}")
    network = ipaddress.ip_network((address, prefix), strict=False)
    if network.network_address != address:
        raise ValueError(f"has bits set behind its prefix: write {network} for the whole network")
    return _unmapped(network)


def checked_networks(texts: Sequence[str], field: str = "allow_list") -> tuple[str, ...]:
    """The networks in normal form, in the given order.

    Raises BadRequest naming the entry: TOO_MANY_NETWORKS, INVALID_NETWORK, or
    NETWORK_COVERED where one lies within another: which of two notes would count otherwise?
    """
    if len(texts) > MAX_NETWORKS:
        raise BadRequest(
            "TOO_MANY_NETWORKS",
            f"{len(texts)} networks; {MAX_NETWORKS} are allowed.",
            hint="Name the larger networks that hold them.",
            field=field,
        )
    networks: list[Network] = []
    for index, text in enumerate(texts):
        try:
            networks.append(parse_network(text))
        except ValueError as error:
            raise BadRequest(
                "INVALID_NETWORK", f"{text[:64]!r} {error}.", field=f"{field}.{index}"
            ) from None
    _check_apart(networks, field)
    return tuple(to_text(each) for each in networks)


def to_text(network: Network) -> str:
    """`203.0.113.7` for a single address, else CIDR notation."""
    is_single = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if is_single else str(network)


def _check_apart(networks: Sequence[Network], field: str) -> None:
    seen: set[Network] = set()
    for index, network in enumerate(networks):
        if network in seen:
            raise _covered(field, index, f"{to_text(network)} is there twice")
        seen.add(network)
    starts = {(each.version, each.prefixlen, int(each.network_address)): each for each in networks}
    lengths = {(each.version, each.prefixlen) for each in networks}
    for index, network in enumerate(networks):
        for version, length in lengths:
            if version != network.version or length >= network.prefixlen:
                continue
            behind = network.max_prefixlen - length
            start = int(network.network_address) >> behind << behind
            wider = starts.get((version, length, start))
            if wider is not None:
                raise _covered(field, index, f"{to_text(network)} lies within {to_text(wider)}")


def _covered(field: str, index: int, what: str) -> BadRequest:
    return BadRequest(
        "NETWORK_COVERED", f"{what}.", hint="Leave one of them out.", field=f"{field}.{index}"
    )


def _unmapped(network: Network) -> Network:
    if isinstance(network, ipaddress.IPv6Network) and network.prefixlen >= MAPPED_BITS:
        carried = network.network_address.ipv4_mapped
        if carried is not None:
            return ipaddress.IPv4Network((carried, network.prefixlen - MAPPED_BITS))
    return network
