"""An organization of its own on the shared server, and the few calls that tests make to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2
import msgspec
import pytest

from tests.live import LiveServer
from tests.orgs import new_organization

Json = dict[str, Any]
Pairs = list[tuple[str, str | int | float | bool | None]]
Parameters = dict[str, Any] | Sequence[tuple[str, Any]]

BATCH = 10_000

SENT = "-user_id:api-key*"
"""The `q` that leaves out what the service records of a key's own reads."""

SEARCHES = ("/audit-logs/", "/audit-logs/facets", "/audit-logs/histogram")


@dataclass(frozen=True)
class Tenant:
    """One organization, a key that may do everything, and a client that holds it."""

    organization: str
    token: str
    client: httpx2.Client

    def record(self, events: Sequence[Json]) -> list[Json]:
        """Commits all events and returns their results, in order."""
        results: list[Json] = []
        for start in range(0, len(events), BATCH):
            answer = self.client.post(
                "/audit-logs/batch",
                content=msgspec.json.encode(events[start : start + BATCH]),
                headers={"Content-Type": "application/json"},
            )
            assert answer.status_code == 200, answer.text
            body = answer.json()
            assert body["rejected"] == 0, [r for r in body["results"] if r["status"] == "rejected"]
            results += body["results"]
        return results

    def get(self, path: str, parameters: Parameters = ()) -> Any:
        """The decoded answer; it has to be a success.

        A search without a `q` is one of the events that were sent: the test's own earlier reads
        are on record, too, a moment later.
        """
        pairs = _pairs(parameters)
        if path in SEARCHES:
            pairs = only_sent(pairs)
        answer = self.client.get(path, params=pairs)
        assert answer.status_code == 200, f"{path} {parameters}: {answer.text}"
        return answer.json()

    def search(self, **parameters: Any) -> Json:
        page: Json = self.get("/audit-logs/", parameters)
        return page

    def refused(self, path: str, parameters: Parameters = (), status: int = 400) -> Json:
        """The problem document; it has to be a refusal with this status."""
        answer = self.client.get(path, params=_pairs(parameters))
        assert answer.status_code == status, f"{path} {parameters}: {answer.text}"
        problem: Json = answer.json()
        return problem


def only_sent(pairs: Pairs) -> Pairs:
    """The parameters, and where none of them is `q`, that what the service records is not meant."""
    return pairs if any(name == "q" for name, _ in pairs) else [*pairs, ("q", SENT)]


def _pairs(parameters: Parameters) -> Pairs:
    given = parameters.items() if isinstance(parameters, dict) else parameters
    pairs: Pairs = []
    for name, value in given:
        values = value if isinstance(value, list) else [value]
        pairs += [(name, str(each)) for each in values]
    return pairs


@contextmanager
def opened(server: LiveServer, **settings: Any) -> Iterator[Tenant]:
    """A new organization, with a client that is closed at the end."""
    organization, token = new_organization(server, **settings)
    with server.client(token) as client:
        yield Tenant(organization, token, client)


@contextmanager
def twin(tenant: Tenant, server: LiveServer) -> Iterator[Tenant]:
    """The same organization and key with a connection of its own, for another thread."""
    with server.client(tenant.token) as client:
        yield Tenant(tenant.organization, tenant.token, client)


@pytest.fixture
def tenant(live_server: LiveServer) -> Iterator[Tenant]:
    """A fresh organization on the shared server."""
    with opened(live_server) as made:
        yield made


@pytest.fixture(scope="session")
def reader(live_server: LiveServer) -> Iterator[Tenant]:
    """An organization for tests that write nothing."""
    with opened(live_server) as made:
        yield made


@pytest.fixture
def stranger(live_server: LiveServer) -> Iterator[Tenant]:
    """Another organization, which must see nothing of the first."""
    with opened(live_server) as made:
        yield made


def event(**fields: Any) -> Json:
    """An event with an id of its own; what is not given does not matter to the test."""
    return {"id": uuid.uuid4().hex, "action": "LOGIN", "resource_type": "USER", **fields}


def ids(page: Json) -> list[str]:
    return [each["id"] for each in page["items"]]


def at(text: str) -> datetime:
    """A moment in UTC, from RFC 3339."""
    return datetime.fromisoformat(text).astimezone(UTC)
