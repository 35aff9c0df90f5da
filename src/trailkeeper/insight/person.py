"""One person: where they act from, with what they work, and what speaks for a second look."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from trailkeeper.event import displayed_address
from trailkeeper.insight.counting import FAILED_SIGN_IN, bucket_sql, timed_sql
from trailkeeper.insight.period import Period, days_of
from trailkeeper.insight.schema import Compared, UserAddress, UserPlace, UserResource
from trailkeeper.search.ast import DetailsMatch, Filter, Match, Not, all_of, any_of
from trailkeeper.search.fields import FIELDS
from trailkeeper.search.params import TimeRange
from trailkeeper.search.question import Question, bind_time
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

SPARKLINE_DAYS: Final = 30
USER: Final = "USER"
ATTEMPTED: Final = ("attempted_email", "attempted")
"""Where senders, and Trailkeeper itself, say which account a failed sign-in was about."""


@dataclass(frozen=True, slots=True)
class FailedSignIns:
    """On the person's account; `addresses` and `last_at` are of the period."""

    compared: Compared
    addresses: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoleChanges:
    """Of the person, in the period."""

    count: int
    last_at: datetime | None


class Country(msgspec.Struct, frozen=True, array_like=True):
    """When something of the person first succeeded from there."""

    country: str
    first_at: datetime


class _Place(msgspec.Struct, frozen=True, array_like=True):
    country: str
    city: str
    latitude: float | None
    longitude: float | None
    events: int
    first_seen: datetime
    last_seen: datetime


class _Resource(msgspec.Struct, frozen=True, array_like=True):
    resource_type: str
    resource_id: str
    resource_name: str
    events: int
    last_seen: datetime


class _Address(msgspec.Struct, frozen=True, array_like=True):
    ip_address: str
    events: int
    last_seen: datetime


class _Day(msgspec.Struct, frozen=True, array_like=True):
    key: int
    events: int


class _Failed(msgspec.Struct, frozen=True, array_like=True):
    now: int
    before: int
    addresses: int
    last_at: datetime


class _Changed(msgspec.Struct, frozen=True, array_like=True):
    count: int
    last_at: datetime


async def read_user_places(engine: EventsEngine, question: Question, limit: int) -> list[UserPlace]:
    """The places with most events first."""
    binder = Binder()
    where_condition = question.condition(binder)
    limit_sql = binder.bind(limit, "UInt64")
    statement = Statement(
        "SELECT toString(country) AS land, toString(city) AS town,"
        " argMax(latitude, (timestamp, id)), argMax(longitude, (timestamp, id)),"
        " count() AS counted, min(timestamp), max(timestamp) FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition} AND country != ''"
        f" GROUP BY land, town ORDER BY counted DESC, land, town LIMIT {limit_sql}",
        binder.parameters,
    )
    return [
        UserPlace(
            country=row.country,
            city=row.city or None,
            latitude=row.latitude,
            longitude=row.longitude,
            count=row.events,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
        )
        for row in await engine.rows(statement, _Place)
    ]


async def read_user_resources(
    engine: EventsEngine, question: Question, limit: int
) -> list[UserResource]:
    """What the person worked with most."""
    binder = Binder()
    where_condition = question.condition(binder)
    limit_sql = binder.bind(limit, "UInt64")
    statement = Statement(
        "SELECT toString(resource_type) AS kind, resource_id,"
        " argMaxIf(resource_name, (timestamp, id), resource_name != ''),"
        " count() AS counted, max(timestamp) FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition} AND resource_id != ''"
        " GROUP BY kind, resource_id ORDER BY counted DESC, kind, resource_id"
        f" LIMIT {limit_sql}",
        binder.parameters,
    )
    return [
        UserResource(
            resource_type=row.resource_type,
            resource_id=row.resource_id,
            resource_name=row.resource_name or None,
            count=row.events,
            last_seen=row.last_seen,
        )
        for row in await engine.rows(statement, _Resource)
    ]


async def read_user_addresses(
    engine: EventsEngine, question: Question, limit: int
) -> list[UserAddress]:
    """The addresses with most events first."""
    binder = Binder()
    where_condition = question.condition(binder)
    limit_sql = binder.bind(limit, "UInt64")
    statement = Statement(
        "SELECT toString(ip_address) AS address, count() AS counted, max(timestamp) FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition} AND ip_address != toIPv6('::')"
        f" GROUP BY address ORDER BY counted DESC, address LIMIT {limit_sql}",
        binder.parameters,
    )
    return [
        UserAddress(
            ip_address=displayed_address(row.ip_address) or row.ip_address,
            count=row.events,
            last_seen=row.last_seen,
        )
        for row in await engine.rows(statement, _Address)
    ]


async def read_sparkline(engine: EventsEngine, period: Period, wanted: Filter) -> list[int]:
    """Events on each of the last local days of the period, whole days but for the last."""
    days = period.last_days(SPARKLINE_DAYS)
    buckets = days_of(days)
    binder = Binder()
    source_sql = timed_sql(days.now(wanted), (), binder, is_hourly=buckets.is_hourly)
    statement = Statement(
        f"SELECT {bucket_sql('at', buckets, binder)} AS day, sum(events)"
        f" FROM ({source_sql}) GROUP BY day",
        binder.parameters,
    )
    rows = await engine.rows(statement, _Day)
    return buckets.filled({row.key: row.events for row in rows})


async def read_failed_sign_ins(
    engine: EventsEngine, period: Period, user_id: str, email: str
) -> FailedSignIns:
    """Failed sign-ins on the person's account: by id, as their resource, or, where the event
    names no account, by e-mail."""
    binder = Binder()
    start_sql = bind_time(binder, period.start)
    now_condition = f"timestamp >= {start_sql}"
    # Apart, each has an order of the table to be read in; together they would read it whole.
    ways_sql = [_attempts_sql(period, way, binder) for way in _on_account(user_id, email)]
    statement = Statement(
        f"SELECT countIf({now_condition}), countIf(NOT {now_condition}),"
        f" uniqExactIf(ip_address, ip_address != toIPv6('::') AND {now_condition}),"
        f" maxIf(timestamp, {now_condition})"
        f" FROM ({' UNION ALL '.join(ways_sql)})",
        binder.parameters,
    )
    [row] = await engine.rows(statement, _Failed)
    return FailedSignIns(
        Compared(row.now, row.before), row.addresses, row.last_at if row.now else None
    )


def _attempts_sql(period: Period, wanted: Filter, binder: Binder) -> str:
    question = period.whole(all_of((wanted, FAILED_SIGN_IN)))
    where_condition = question.condition(binder)
    return (
        "SELECT timestamp, ip_address FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition}"
    )


async def read_role_changes(engine: EventsEngine, period: Period, user_id: str) -> RoleChanges:
    """Changes of the person's role, as the own trail and platforms record them."""
    binder = Binder()
    question = period.now(
        all_of(
            (
                Match(FIELDS["action"], "UPDATE"),
                Match(FIELDS["status"], "SUCCESS"),
                _about(user_id),
                DetailsMatch(("changed_fields",), "role"),
            )
        )
    )
    where_condition = question.condition(binder)
    statement = Statement(
        "SELECT count(), max(timestamp) FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition}",
        binder.parameters,
    )
    [row] = await engine.rows(statement, _Changed)
    return RoleChanges(row.count, row.last_at if row.count else None)


async def read_countries(engine: EventsEngine, period: Period, wanted: Filter) -> list[Country]:
    """Every country that the person acted from up to the period's end, in the whole log."""
    binder = Binder()
    question = Question(
        period.tenant,
        all_of((wanted, Match(FIELDS["status"], "SUCCESS"))),
        TimeRange(None, period.end),
    )
    where_condition = question.condition(binder)
    statement = Statement(
        "SELECT toString(country) AS land, min(timestamp) AS first_at FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition} AND country != ''"
        " GROUP BY land ORDER BY first_at, land",
        binder.parameters,
    )
    return await engine.rows(statement, Country)


@dataclass(frozen=True, slots=True)
class Story:
    """What the log tells of a person beside counts."""

    places: list[UserPlace]
    resources: list[UserResource]
    addresses: list[UserAddress]
    sparkline: list[int]
    failed_sign_ins: FailedSignIns
    role_changes: RoleChanges
    countries: list[Country]


async def read_story(
    engine: EventsEngine, period: Period, user_id: str, email: str, limit: int
) -> Story:
    """All of it, at once. `email` is what the directory has, or ''."""
    wanted = Match(FIELDS["user_id"], user_id)
    question = period.now(wanted)
    used, seen = await asyncio.gather(
        asyncio.gather(
            read_user_places(engine, question, limit),
            read_user_resources(engine, question, limit),
            read_user_addresses(engine, question, limit),
            read_sparkline(engine, period, wanted),
        ),
        asyncio.gather(
            read_failed_sign_ins(engine, period, user_id, email),
            read_role_changes(engine, period, user_id),
            read_countries(engine, period, wanted),
        ),
    )
    return Story(*used, *seen)


def _about(user_id: str) -> Filter:
    return all_of((Match(FIELDS["resource_type"], USER), Match(FIELDS["resource_id"], user_id)))


def _on_account(user_id: str, email: str) -> list[Filter]:
    """The ways in which a failed sign-in names an account; no event is in two of them."""
    by_id = Match(FIELDS["user_id"], user_id)
    ways: list[Filter] = [by_id, all_of((_about(user_id), Not(by_id)))]
    if email:
        named = any_of(
            (
                Match(FIELDS["user_email"], email),
                *(DetailsMatch((name,), email) for name in ATTEMPTED),
            )
        )
        nobody = Match(FIELDS["user_id"], "")
        ways.append(all_of((_about(""), nobody, named)))
    return ways
