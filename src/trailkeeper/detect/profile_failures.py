"""Failed sign-ins of the last hour, by address and by account."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import Final, NamedTuple

import msgspec

from trailkeeper.detect.keys import shown_address
from trailkeeper.detect.processed import Places, has_seen_any, seen_condition
from trailkeeper.event import Status, StoredEvent
from trailkeeper.principal import Tenant
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

LOGIN_FAILED: Final = "LOGIN_FAILED"
KEPT_MICROS: Final = 3_600_000_000
MAX_FAILURES: Final = 500
"""Of one address or account; older ones are let go."""
MAX_SUBJECTS: Final = 20_000


class Failure(NamedTuple):
    """At which time (microseconds), which event, on which account, from which address."""

    at: int
    id: str
    account: str
    address: str


class _Row(msgspec.Struct, frozen=True, array_like=True):
    at: int
    id: str
    account: str
    address: str


class Failures:
    """Bounded: the subjects that were silent for longest are forgotten first."""

    def __init__(self) -> None:
        self._by_address: dict[str, list[Failure]] = {}
        self._by_account: dict[str, list[Failure]] = {}

    def add(self, failure: Failure) -> None:
        for table, subject in (
            (self._by_address, failure.address),
            (self._by_account, failure.account),
        ):
            if subject:
                _add(table, subject, failure)

    def of_address(self, address: str, start: int, end: int) -> list[Failure]:
        """Those from the address in `[start, end]`, by time."""
        return _within(self._by_address.get(address, []), start, end)

    def of_account(self, email: str, start: int, end: int) -> list[Failure]:
        """Those on the account in `[start, end]`, by time."""
        return _within(self._by_account.get(email.lower(), []), start, end)


def is_failure(event: StoredEvent) -> bool:
    return event.action == LOGIN_FAILED or (
        event.action == "LOGIN" and event.status == Status.FAILED
    )


def failure_of(event: StoredEvent, at: int) -> Failure:
    """Which account was tried: the event's e-mail, else what `details` say was attempted."""
    account = event.user_email
    if not account and "attempted" in event.details:
        details = msgspec.json.decode(event.details)
        account = details.get("attempted_email") or details.get("attempted") or ""
    return Failure(at, event.id, str(account).lower(), shown_address(event.ip_address))


async def load_failures(engine: EventsEngine, tenant: Tenant, places: Places) -> Failures:
    """Those of the last hour before the newest event, as of a follower's places."""
    failures = Failures()
    if not has_seen_any(places):
        return failures
    binder = Binder()
    seen_sql = seen_condition(places, binder)
    kept_sql = binder.bind(KEPT_MICROS, "Int64")
    limit_sql = binder.bind(MAX_SUBJECTS, "UInt64")
    statement = Statement(
        "SELECT toUnixTimestamp64Micro(timestamp) AS at, id,"
        " lower(coalesce(nullIf(toString(user_email), ''),"
        " nullIf(JSONExtractString(details, 'attempted_email'), ''),"
        " JSONExtractString(details, 'attempted'))), toString(ip_address)"
        f" FROM events WHERE {tenant.sql()} AND {seen_sql}"
        " AND (action = 'LOGIN_FAILED' OR action = 'LOGIN' AND status = 'FAILED')"
        f" AND at >= (SELECT max(toUnixTimestamp64Micro(least(timestamp, received_at)))"
        f" FROM events WHERE {tenant.sql()} AND {seen_sql}) - {kept_sql}"
        f" ORDER BY at DESC, id LIMIT {limit_sql}",
        {**binder.parameters, **tenant.parameters()},
    )
    for row in reversed(await engine.rows(statement, _Row)):
        failures.add(Failure(row.at, row.id, row.account, shown_address(row.address)))
    return failures


def _add(table: dict[str, list[Failure]], subject: str, failure: Failure) -> None:
    known = table.pop(subject, [])
    insort(known, failure)
    start = bisect_left(known, failure.at - KEPT_MICROS, key=_at)
    # Put in anew, so that the first of the table is the most silent.
    table[subject] = known[max(start, len(known) - MAX_FAILURES) :]
    if len(table) > MAX_SUBJECTS:
        del table[next(iter(table))]


def _within(failures: list[Failure], start: int, end: int) -> list[Failure]:
    return failures[bisect_left(failures, start, key=_at) : bisect_right(failures, end, key=_at)]


def _at(failure: Failure) -> int:
    return failure.at
