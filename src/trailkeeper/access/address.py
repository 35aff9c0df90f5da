"""Whose address a request came from, believing only proxies that the operator named."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from litestar.types import HTTPScope, Scope

from trailkeeper.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

FORWARDED_FOR: Final = b"x-forwarded-for"


def client_address(scope: Scope | HTTPScope, trusted_proxies: Sequence[Network]) -> str | None:
    """The client's address in normal form, IPv4-mapped IPv6 as IPv4; None where unknown.

    `X-Forwarded-For` counts only where the connecting hop is a trusted proxy.
    """
    client = scope.get("client")
    peer = parse_address(client[0]) if client else None
    if peer is None:
        return None
    if not trusted_proxies:
        return str(peer)
    forwarded = [
        entry
        for name, value in scope["headers"]
        if name == FORWARDED_FOR
        for entry in value.decode("latin-1").split(",")
    ]
    return str(walk(peer, forwarded, trusted_proxies))


def walk(peer: Address, forwarded: Sequence[str], trusted_proxies: Sequence[Network]) -> Address:
    """The first address from the right that no trusted proxy has.

    Each proxy appends whom it was called by, so an entry is as good as the hop right of it:
    the walk ends at the first hop that is not trusted, and before an entry that is no
    address. Everything further left was written by somebody unknown.
    """
    hop = peer
    for entry in reversed(forwarded):
        if not is_within(hop, trusted_proxies):
            break
        before = parse_address(entry)
        if before is None:
            break
        hop = before
    return hop


def is_within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


@lru_cache(maxsize=4096)
def parse_address(text: str) -> Address | None:
    """An address, also with a port (`192.0.2.1:80`, `[2001:db8::1]:80`); None if it is none.

    A zone (`fe80::1%eth0`) means something on one machine only and is dropped.
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
