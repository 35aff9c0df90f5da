"""User agents of the demo's people and programs."""

from __future__ import annotations

from typing import Final

_WINDOWS: Final = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
_MAC: Final = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
_LINUX: Final = "Mozilla/5.0 (X11; Linux x86_64)"
_WEBKIT: Final = "AppleWebKit/537.36 (KHTML, like Gecko)"

DESKTOP: Final = (
    f"{_MAC} {_WEBKIT} Chrome/142.0.0.0 Safari/537.36",
    f"{_WINDOWS} {_WEBKIT} Chrome/142.0.0.0 Safari/537.36",
    f"{_LINUX} {_WEBKIT} Chrome/141.0.0.0 Safari/537.36",
    f"{_MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    f"{_WINDOWS} {_WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    f"{_MAC} {_WEBKIT} Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
    f"{_LINUX} {_WEBKIT} Chrome/142.0.0.0 Safari/537.36",
)
PHONE: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36",
)
COMMAND_LINE: Final = (
    "acme-cli/2.7.1 (linux; x86_64)",
    "acme-cli/2.7.1 (darwin; arm64)",
    "acme-cli/2.6.4 (linux; x86_64)",
)
SDK: Final = (
    "acme-sdk-python/3.4.0 python/3.12.8",
    "acme-sdk-python/3.3.2 python/3.11.7",
    "acme-sdk-typescript/1.9.0 node/22.11.0",
)
SCRIPTED_ATTACK: Final = "python-requests/2.31.0"
STRANGER: Final = "Mozilla/5.0 (compatible; curl/8.5.0)"
