"""What a key check and a session check add to a request: the same route without and with them.

The application is called in this process, with the service's real stores and guards, so that
neither the network nor the HTTP server blurs a few microseconds.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from litestar import Litestar, get
from litestar.datastructures import State

from bench.timing import percentile
from trailkeeper.access.allow_list import AllowedNetwork, save_allow_list
from trailkeeper.access.guard import known
from trailkeeper.access.networks import MAX_NETWORKS
from trailkeeper.app import create_app
from trailkeeper.bootstrap import ensure_first_organization, issue_setup_link
from trailkeeper.event import OrganizationId
from trailkeeper.logs import configure_logs
from trailkeeper.principal import system_tenant
from trailkeeper.problem import problem_handlers
from trailkeeper.services import Services, open_services
from trailkeeper.settings import read_settings

ROUND = 500
WARM_UP_ROUNDS = 2
HOME = "127.0.0.1"
PASSWORD = "eleven quiet bicycles by the canal"
COOKIE = re.compile(r"(__Host-[^=;]+)=([^;]+)")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Check:
    """Seconds of a request with a check: median and 95th percentile, and what it added."""

    what: str
    p50: float
    p95: float
    added: float


@get("/open", opt={"public": True})
async def open_to_all() -> None:
    """Nothing but the framework."""


@get("/checked", guards=[known()])
async def checked() -> None:
    """The same behind the guard."""


def measure_checks(folder: Path, rounds: int) -> list[Check]:
    """The route without a check first. Raises RuntimeError where a request was refused."""
    return asyncio.run(_measure(folder, rounds))


async def _measure(folder: Path, rounds: int) -> list[Check]:
    settings = read_settings({"TRAILKEEPER_DATA": str(folder), "TRAILKEEPER_LOG_LEVEL": "error"})
    configure_logs(settings)
    async with open_services(settings) as services:
        first = await ensure_first_organization(services, demo=False)
        if first is None:
            raise RuntimeError(f"{folder} is not empty")
        cookie = await _sign_in(services)
        app = Litestar(
            [open_to_all, checked],
            exception_handlers=problem_handlers(),
            state=State(services.as_state()),
            logging_config=None,
            openapi_config=None,
        )
        by_key: Headers = [(b"authorization", f"Bearer {first.token}".encode())]
        by_session: Headers = [(b"cookie", cookie.encode())]
        plain = {
            "no check": ("/open", []),
            "API key": ("/checked", by_key),
            "session": ("/checked", by_session),
        }
        found = await _rounds(app, plain, rounds)
        await _save_long_list(services, OrganizationId(first.organization))
        listed = {
            f"API key, allow-list of {MAX_NETWORKS}": ("/checked", by_key),
            f"session, allow-list of {MAX_NETWORKS}": ("/checked", by_session),
        }
        found |= await _rounds(app, listed, rounds)
    bare = percentile(found["no check"], 50)
    return [
        Check(what, percentile(times, 50), percentile(times, 95), percentile(times, 50) - bare)
        for what, times in found.items()
    ]


async def _rounds(
    app: Litestar, requests: dict[str, tuple[str, Headers]], rounds: int
) -> dict[str, list[float]]:
    """Takes turns, so that whatever else the machine does falls on all alike."""
    found: dict[str, list[float]] = {what: [] for what in requests}
    for number in range(WARM_UP_ROUNDS + rounds):
        for what, (path, headers) in requests.items():
            times = [await _once(app, path, headers) for _ in range(ROUND)]
            if number >= WARM_UP_ROUNDS:
                found[what] += times
    return found


async def _once(app: Litestar, path: str, headers: Headers) -> float:
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = _scope(path, headers)
    began = time.perf_counter()
    await app(scope, receive, send)  # type: ignore[arg-type]
    seconds = time.perf_counter() - began
    if status != 200:
        raise RuntimeError(f"GET {path}: {status}")
    return seconds


def _scope(path: str, headers: Headers) -> Any:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"bench"), (b"user-agent", b"bench"), *headers],
        "client": (HOME, 1),
        "server": (HOME, 2),
        "extensions": {},
    }


async def _sign_in(services: Services) -> str:
    """The cookies of a first SUPER_ADMIN."""
    link = await issue_setup_link(services)
    transport = httpx2.ASGITransport(app=create_app(services))  # type: ignore[arg-type]
    async with httpx2.AsyncClient(transport=transport, base_url=f"http://{HOME}") as client:
        answer = await client.post("/setup", json=first_person(link or ""))
    return cookies_of(answer)


def first_person(link: str) -> dict[str, str]:
    """The body of POST /setup. The link's token is in its fragment, bare or as `token=`."""
    fragment = urlsplit(link).fragment
    token = parse_qs(fragment).get("token", [fragment])[0]
    return {"token": token, "email": "owner@example.com", "name": "Owner", "password": PASSWORD}


def cookies_of(answer: httpx2.Response) -> str:
    """What a browser would send back. Raises RuntimeError where there is no sign-in."""
    if answer.status_code != 200:
        raise RuntimeError(f"sign-in: {answer.status_code} {answer.text[:500]}")
    pairs = (COOKIE.match(each) for each in answer.headers.get_list("set-cookie"))
    return "; ".join(f"{each[1]}={each[2]}" for each in pairs if each is not None)


async def _save_long_list(services: Services, organization: OrganizationId) -> None:
    others = (f"2001:db8:{number:x}::/48" for number in range(MAX_NETWORKS - 1))
    entries = [AllowedNetwork(network=each) for each in (*others, HOME)]
    async with services.metadata.transaction() as session:
        await save_allow_list(session, system_tenant(organization), entries)
    services.allow_lists.forget(organization)
