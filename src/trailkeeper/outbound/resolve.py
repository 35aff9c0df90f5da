"""From a host's name to addresses, once for each call."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

from trailkeeper.outbound.errors import OutboundFailed
from trailkeeper.outbound.reach import IpAddress

Resolver = Callable[[str, int], Awaitable[Sequence[IpAddress]]]
"""A name and a port to addresses, in the order to try them.

MUST raise OutboundFailed where there are none.
"""


async def resolve_by_system(host: str, port: int) -> list[IpAddress]:
    """Asks the system's resolver, which may ask DNS, files and more."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise OutboundFailed("OUTBOUND_NAME_UNKNOWN", f"{host} has no address.") from None
    # A scoped address comes as fe80::1%eth0, which ip_address reads with its scope.
    return list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))
