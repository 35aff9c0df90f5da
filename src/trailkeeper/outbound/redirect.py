"""Where an answer sends a call on to, and what of the call goes along."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import httpx2

from trailkeeper.outbound.errors import OutboundRefused
from trailkeeper.outbound.target import Target, to_target

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

# Everything else may be a credential, under whatever name: it stays with its origin.
HARMLESS: Final = frozenset({"accept", "accept-language", "content-type", "user-agent"})


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to be sent. Names of headers are in lower case."""

    method: str
    target: Target
    headers: dict[str, str]
    body: bytes


def next_call(call: Call, status: int, location: str) -> Call:
    """The call that a redirect asks for (RFC 9110, 15.4).

    Raises OutboundRefused(OUTBOUND_REDIRECT_REFUSED) for a way from https to http and for a
    body that would go to another origin, and what `to_target` raises.
    """
    try:
        target = to_target(call.target.url.join(location))
    except (httpx2.InvalidURL, ValueError):
        raise _refused(call, "its redirect leads to no valid URL") from None
    if call.target.scheme == "https" and target.scheme != "https":
        raise _refused(call, "its redirect leads from https to http")
    if call.method == "POST" and status in (301, 302, 303):
        kept = {name: each for name, each in call.headers.items() if name != "content-type"}
        call = replace(call, method="GET", headers=kept, body=b"")
    if target.origin != call.target.origin:
        if call.body:
            raise _refused(call, "its redirect would hand the body to another origin")
        kept = {name: each for name, each in call.headers.items() if name in HARMLESS}
        call = replace(call, headers=kept)
    return replace(call, target=target)


def _refused(call: Call, why: str) -> OutboundRefused:
    return OutboundRefused("OUTBOUND_REDIRECT_REFUSED", f"{call.target.place}: {why}.")
