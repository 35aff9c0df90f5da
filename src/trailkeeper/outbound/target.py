"""Where one call goes: a URL taken apart once, by one parser, and judged."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import httpx2

from trailkeeper.outbound.errors import OutboundFailed, OutboundRefused
from trailkeeper.outbound.reach import AllowList, IpAddress

MAX_URL_LENGTH: Final = 8192
DEFAULT_PORTS: Final = {"http": 80, "https": 443}

BAD_PORTS: Final = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566}
    | {6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)
"""Ports of other protocols above 1023 (https://fetch.spec.whatwg.org/#port-blocking)."""


@dataclass(frozen=True, slots=True)
class Target:
    """Scheme, host (lower case, without brackets or a dot at its end), port, and the rest."""

    url: httpx2.URL
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> tuple[str, str, int]:
        return (self.scheme, self.host, self.port)

    @property
    def place(self) -> str:
        """For people: all of the URL that is no secret."""
        return f"{_bracketed(self.host)}:{self.port}"

    @property
    def host_header(self) -> str:
        host = _bracketed(self.host)
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def literal(self) -> IpAddress | None:
        """The address that the URL names in place of a host; None for a name."""
        return _address(self.host)

    def at(self, address: IpAddress) -> httpx2.URL:
        """The same URL with an address in place of the name: what is really connected to."""
        return self.url.copy_with(host=str(address), port=self.port, fragment=None)


def to_target(url: str | httpx2.URL) -> Target:
    """Raises OutboundRefused: OUTBOUND_URL_INVALID, OUTBOUND_SCHEME_REFUSED,
    OUTBOUND_USERINFO_REFUSED.
    """
    if len(str(url)) > MAX_URL_LENGTH:
        raise _invalid()
    try:
        parsed = httpx2.URL(url)
        host = parsed.raw_host.decode("ascii").lower()
    except (httpx2.InvalidURL, ValueError):
        raise _invalid() from None
    scheme = parsed.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise OutboundRefused(
            "OUTBOUND_SCHEME_REFUSED", "Only http and https addresses are called."
        )
    if parsed.userinfo:
        raise OutboundRefused(
            "OUTBOUND_USERINFO_REFUSED", "The address has a user or password in it."
        )
    name = host.removesuffix(".")
    port = DEFAULT_PORTS[scheme] if parsed.port is None else parsed.port
    looks_numeric = name.rpartition(".")[2].isdigit() or name.rpartition(".")[2].startswith("0x")
    if not name or not 1 <= port <= 65_535 or (looks_numeric and _address(name) is None):
        raise _invalid()
    return Target(parsed, scheme, name, port)


def check_addresses(target: Target, addresses: Sequence[IpAddress], allow: AllowList) -> None:
    """Judges all addresses of a target at once: a name with one that points inward is refused.

    Raises OutboundRefused (OUTBOUND_ADDRESS_REFUSED, OUTBOUND_PORT_REFUSED), or
    OutboundFailed(OUTBOUND_NAME_UNKNOWN) where there is no address.
    """
    if not addresses:
        raise OutboundFailed("OUTBOUND_NAME_UNKNOWN", f"{target.host} has no address.")
    for address in addresses:
        why = allow.why_unreachable(target.host, address, target.port)
        if why is not None:
            raise OutboundRefused(
                "OUTBOUND_ADDRESS_REFUSED",
                f"{target.place} leads to {address}, which is {why}.",
                hint="An operator can open it with TRAILKEEPER_OUTBOUND_ALLOW.",
            )
    is_usual = target.port in (80, 443) or (target.port > 1023 and target.port not in BAD_PORTS)
    if not is_usual and not allow.names_port(target.host, addresses, target.port):
        raise OutboundRefused(
            "OUTBOUND_PORT_REFUSED",
            f"{target.place}: this port belongs to another protocol.",
            hint="An operator can open it with TRAILKEEPER_OUTBOUND_ALLOW=host:port.",
        )


def _invalid() -> OutboundRefused:
    return OutboundRefused("OUTBOUND_URL_INVALID", "The address is no valid URL.")


def _address(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
