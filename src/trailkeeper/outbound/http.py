"""HTTP to the outside. The host's name is resolved here, judged, and never resolved again.

Each call has a connection of its own, to an address that was judged; TLS, the certificate and
the Host header are for the name. That is the whole defence against names that change their
mind between check and use (DNS rebinding), so nothing is pooled and no proxy is used.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import httpx2
import msgspec

from trailkeeper import __version__
from trailkeeper.outbound.errors import OutboundError, OutboundFailed, OutboundRefused
from trailkeeper.outbound.reach import AllowList, IpAddress
from trailkeeper.outbound.redirect import REDIRECTS, Call, next_call
from trailkeeper.outbound.resolve import Resolver, resolve_by_system
from trailkeeper.outbound.target import Target, check_addresses, to_target
from trailkeeper.outbound.tls import tls_fault

MAX_ADDRESSES_TRIED: Final = 4

# What frames a message is ours to write: from a caller it could smuggle a second one in.
OURS: Final = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "te", "trailer"}
    | {"transfer-encoding", "upgrade", "keep-alive", "proxy-connection", "expect"}
)


@dataclass(frozen=True, slots=True)
class CallLimits:
    """Bounds of one call, redirects included; `redirects` 0 gives a redirect back as it is."""

    connect_seconds: float = 5.0
    total_seconds: float = 15.0
    body_bytes: int = 1024 * 1024
    header_bytes: int = 32 * 1024
    redirects: int = 0


DEFAULT_LIMITS: Final = CallLimits()


@dataclass(frozen=True, slots=True)
class OutboundAnswer:
    """What came back. `headers` have lower-case names; `elapsed` is in seconds, for the whole."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    elapsed: float


class OutboundClient:
    """Calls others over HTTP. Safe to share; holds nothing open between calls."""

    def __init__(
        self, allow: AllowList, context: ssl.SSLContext, resolver: Resolver = resolve_by_system
    ) -> None:
        self._allow = allow
        self._context = context
        self._resolve = resolver

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        limits: CallLimits = DEFAULT_LIMITS,
    ) -> OutboundAnswer:
        """Raises OutboundRefused or OutboundFailed; an answer of any status is no error."""
        return await self._call(Call("GET", to_target(url), _checked(headers), b""), limits)

    async def post(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        limits: CallLimits = DEFAULT_LIMITS,
    ) -> OutboundAnswer:
        """Sends one of `body`, `json` and `form`; more than one is a ValueError.

        Raises OutboundRefused or OutboundFailed; an answer of any status is no error.
        """
        if sum(each is not None for each in (body, json, form)) > 1:
            raise ValueError("a call has one body")
        checked = _checked(headers)
        content = body or b""
        if json is not None:
            content = msgspec.json.encode(json)
            checked.setdefault("content-type", "application/json")
        elif form is not None:
            content = urlencode(form).encode()
            checked.setdefault("content-type", "application/x-www-form-urlencoded")
        return await self._call(Call("POST", to_target(url), checked, content), limits)

    async def _call(self, call: Call, limits: CallLimits) -> OutboundAnswer:
        started = time.monotonic()
        redirects_left = limits.redirects
        try:
            async with asyncio.timeout(limits.total_seconds):
                while True:
                    answer = await self._one_hop(call, limits, started)
                    location = answer.headers.get("location")
                    if limits.redirects == 0 or answer.status not in REDIRECTS or not location:
                        return answer
                    if redirects_left == 0:
                        raise OutboundFailed(
                            "OUTBOUND_REDIRECTS", f"{call.target.place}: too many redirects."
                        )
                    redirects_left -= 1
                    call = next_call(call, answer.status, location)
        except TimeoutError:
            raise _timeout(call.target, limits.total_seconds) from None

    async def _one_hop(self, call: Call, limits: CallLimits, started: float) -> OutboundAnswer:
        literal = call.target.literal
        if literal is not None:
            addresses = [literal]
        else:
            addresses = list(await self._resolve(call.target.host, call.target.port))
        check_addresses(call.target, addresses, self._allow)
        failed: OutboundError | None = None
        for address in addresses[:MAX_ADDRESSES_TRIED]:
            try:
                return await self._send(call, address, limits, started)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                # Nothing was sent yet, so the next address may be tried.
                failed = _connect_fault(call.target, error)
        assert failed is not None  # there is at least one address
        raise failed

    async def _send(
        self, call: Call, address: IpAddress, limits: CallLimits, started: float
    ) -> OutboundAnswer:
        target = call.target
        request = httpx2.Request(
            call.method,
            target.at(address),
            headers={
                "user-agent": f"Trailkeeper/{__version__}",
                "accept": "*/*",
                **call.headers,
                # Packed bodies could unpack to any size.
                "accept-encoding": "identity",
                "connection": "close",
                "host": target.host_header,
            },
            content=call.body if call.method == "POST" else None,
            extensions={
                "timeout": httpx2.Timeout(
                    limits.total_seconds, connect=limits.connect_seconds
                ).as_dict(),
                "sni_hostname": target.host,
            },
        )
        try:
            async with httpx2.AsyncHTTPTransport(verify=self._context, trust_env=False) as way:
                response = await way.handle_async_request(request)
                try:
                    body = await _read(response, target, limits)
                finally:
                    await response.aclose()
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            raise
        except httpx2.TimeoutException:
            raise _timeout(target, limits.total_seconds) from None
        except httpx2.LocalProtocolError:
            raise OutboundRefused(
                "OUTBOUND_REQUEST_INVALID", f"{target.place}: a header is not valid."
            ) from None
        except httpx2.TransportError as error:
            raise _broken(target, error) from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return OutboundAnswer(response.status_code, headers, body, time.monotonic() - started)


async def _read(response: httpx2.Response, target: Target, limits: CallLimits) -> bytes:
    size = sum(len(name) + len(value) for name, value in response.headers.raw)
    if size > limits.header_bytes:
        raise _too_large(target, f"headers of more than {limits.header_bytes} bytes")
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise OutboundFailed(
            "OUTBOUND_ANSWER_INVALID", f"{target.place} packed its answer without being asked to."
        )
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > limits.body_bytes:
            raise _too_large(target, f"a body of more than {limits.body_bytes} bytes")
    return bytes(body)


def _checked(headers: Mapping[str, str] | None) -> dict[str, str]:
    checked: dict[str, str] = {}
    for name, value in (headers or {}).items():
        lower = name.lower()
        is_text = value.isascii() and value.isprintable()
        if lower in OURS or lower in checked or not _is_token(lower) or not is_text:
            raise OutboundRefused("OUTBOUND_REQUEST_INVALID", "A header of the call is not valid.")
        checked[lower] = value
    return checked


def _is_token(name: str) -> bool:
    """RFC 9110, 5.6.2."""
    return name != "" and all(
        each.isascii() and (each.isalnum() or each in "!#$%&'*+-.^_`|~") for each in name
    )


def _connect_fault(target: Target, error: Exception) -> OutboundFailed:
    fault = tls_fault(error)
    if fault is not None:
        return OutboundFailed("OUTBOUND_TLS_FAILED", f"{target.place}: {fault}.")
    if isinstance(error, httpx2.ConnectTimeout):
        return OutboundFailed("OUTBOUND_TIMEOUT", f"{target.place} took no connection in time.")
    return OutboundFailed("OUTBOUND_CONNECT_FAILED", f"{target.place} takes no connection.")


def _timeout(target: Target, seconds: float) -> OutboundFailed:
    return OutboundFailed("OUTBOUND_TIMEOUT", f"{target.place} did not answer in {seconds:g} s.")


def _too_large(target: Target, what: str) -> OutboundFailed:
    return OutboundFailed("OUTBOUND_ANSWER_TOO_LARGE", f"{target.place} answered with {what}.")


def _broken(target: Target, error: Exception) -> OutboundFailed:
    if isinstance(error, httpx2.RemoteProtocolError):
        detail = f"{target.place} did not answer in valid HTTP, or broke off."
        return OutboundFailed("OUTBOUND_ANSWER_INVALID", detail)
    return OutboundFailed("OUTBOUND_CONNECTION_LOST", f"{target.place}: the connection broke.")
