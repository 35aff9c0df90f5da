"""What settings say of the world outside: where calls may go, and how mail leaves.

Readers of one setting's text each; all raise ValueError with a text for the operator, and
never repeat what may be a secret.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_ADDRESS_LENGTH: Final = 254
"""RFC 5321, 4.5.3.1.3: a path has 256 octets with its angle brackets."""

MAX_LOCAL_LENGTH: Final = 64
LOOPBACK_NAMES: Final = frozenset({"localhost", "ip6-localhost"})

_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]")
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_ATOM = r"[^\s\x00-\x1f\x7f-\x9f()<>\[\]:;@\\,\".]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """A host that may be called whatever its address; on any usual port where `port` is None."""

    name: str
    port: int | None = None


@dataclass(frozen=True, slots=True)
class AllowedNetwork:
    """Addresses that may be called though they are private."""

    network: Network
    port: int | None = None


Allowed = AllowedHost | AllowedNetwork


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An e-mail address with the name shown beside it, which may be empty."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over. With `is_tls` from the first byte, else with STARTTLS or plain."""

    host: str
    port: int
    is_tls: bool
    is_starttls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def is_plain(self) -> bool:
        return not (self.is_tls or self.is_starttls)


def read_allowed(text: str) -> tuple[Allowed, ...]:
    """`hooks.lan, vault.lan:8200, 10.0.0.0/8, [fd00::1]:8443` as entries."""
    return tuple(_read_entry(part.strip()) for part in text.split(",") if part.strip())


def _read_entry(text: str) -> Allowed:
    if (network := _network(text)) is not None:
        return AllowedNetwork(network)
    if "/" in text:
        # Of a network with bits beyond its prefix, and of a URL.
        raise ValueError(f"{text!r} is no host name, host:port or network")
    host, colon, port_text = text.rpartition(":")
    if not colon:
        return AllowedHost(_host_name(text))
    port = _port(port_text)
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    network = _network(host)
    return AllowedHost(_host_name(host), port) if network is None else AllowedNetwork(network, port)


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None


def _host_name(text: str) -> str:
    name = text.lower().rstrip(".")
    if len(name) > 253 or not _HOST.fullmatch(name) or name.rpartition(".")[2].isdigit():
        raise ValueError(f"{text!r} is no host name")
    return name


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65_535:
        raise ValueError(f"{text!r} is no port")
    return int(text)


def read_smtp_url(url: str) -> SmtpServer:
    """`smtp://user:password@host:587?starttls=required|off` or `smtps://user:password@host`.

    With `smtp://`, STARTTLS is required unless it is switched off.
    """
    if _CONTROL.search(url):
        raise ValueError("has a space or control character in it")
    try:
        parts = urlsplit(url)
    except ValueError:
        # Its text may repeat user and password.
        raise ValueError("is no valid URL") from None
    if parts.scheme not in ("smtp", "smtps"):
        raise ValueError("begins neither with smtp:// nor with smtps://")
    if parts.path not in ("", "/") or parts.fragment:
        raise ValueError("has more than a host, a port and starttls in it")
    host = (parts.hostname or "").rstrip(".")
    if _network(host) is None and not _HOST.fullmatch(host):
        raise ValueError("names no host")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("has a port that is none")
    is_tls = parts.scheme == "smtps"
    user, password = _credentials(parts.username, parts.password)
    return SmtpServer(
        host=host,
        port=port or (465 if is_tls else 587),
        is_tls=is_tls,
        is_starttls=_is_starttls(parts.query, is_tls=is_tls),
        user=user,
        password=password,
    )


def _credentials(user: str | None, password: str | None) -> tuple[str | None, str | None]:
    if user is None:
        return None, None
    if not user or not password:
        raise ValueError("has a user without a password, or a password without a user")
    name, secret = unquote(user), unquote(password)
    if any(ord(character) < 32 for character in name + secret):
        raise ValueError("has a control character in user or password")
    return name, secret


def _is_starttls(query: str, *, is_tls: bool) -> bool:
    options = dict(parse_qsl(query, keep_blank_values=True))
    mode = options.pop("starttls", "required")
    if options or (is_tls and query):
        raise ValueError("has an option that is not known")
    if mode not in ("required", "off"):
        raise ValueError("has a starttls that is neither required nor off")
    return not is_tls and mode == "required"


def read_mailbox(text: str) -> Mailbox:
    """`audit@example.com` or `Trailkeeper <audit@example.com>`."""
    match = re.fullmatch(r"\s*(?:(?P<name>[^<>]*)<(?P<inner>[^<>]*)>|(?P<bare>[^<>]*))\s*", text)
    if match is None:
        raise ValueError(f"{text!r} is no e-mail address")
    name = (match["name"] or "").strip().strip('"')
    if any(ord(character) < 32 or ord(character) == 127 for character in name):
        raise ValueError("has a control character in the name")
    return Mailbox(to_mail_address((match["inner"] or match["bare"] or "").strip()), name)


def to_mail_address(text: str) -> str:
    """An address as mail takes it: one mailbox, without a name, its domain in ASCII.

    Quoted local parts and address literals are refused: nobody has them, attackers try them.
    """
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local.encode()) > MAX_LOCAL_LENGTH:
        raise ValueError(f"{text!r} is no e-mail address")
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
        address = Address(username=local, domain=ascii_domain).addr_spec
    except (UnicodeError, ValueError, HeaderParseError):
        raise ValueError(f"{text!r} is no e-mail address") from None
    is_host = _HOST.fullmatch(ascii_domain) and not ascii_domain.rpartition(".")[2].isdigit()
    if not is_host or len(address.encode()) > MAX_ADDRESS_LENGTH or '"' in address:
        raise ValueError(f"{text!r} is no e-mail address")
    return address


def read_public_url(url: str) -> str:
    """The base of every link in a mail, without a slash at its end."""
    parts = urlsplit(url)
    if _CONTROL.search(url) or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no http or https address")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("has a port that is none") from None
    if "@" in parts.netloc or parts.path not in ("", "/") or "?" in url or "#" in url:
        raise ValueError(f"{url!r} has more than scheme, host and port")
    host = parts.hostname
    if _network(host) is None and not _HOST.fullmatch(host):
        raise ValueError(f"{url!r} names no host")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def default_public_url(host: str, port: int) -> str:
    """Where the service answers on its own machine."""
    network = _network(host)
    if network is not None and network.network_address.is_unspecified:
        # "Every address" is none that a browser could open.
        host = "127.0.0.1" if network.version == 4 else "::1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def is_loopback(host: str) -> bool:
    network = _network(host)
    return host in LOOPBACK_NAMES if network is None else network.network_address.is_loopback
