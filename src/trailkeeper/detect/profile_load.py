"""Histories out of the log: one question for all persons that are seen for the first time."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from trailkeeper.detect.processed import Places, has_seen_any, seen_condition
from trailkeeper.detect.profiles import HOURS_PER_WEEK, Exports, Person, Whereabouts
from trailkeeper.principal import Tenant
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement


class _Row(msgspec.Struct, frozen=True, array_like=True):
    user_id: str
    events: int
    first_at: int
    last_at: int
    days: list[int]
    first_countries: tuple[list[str], list[int]]
    last_countries: tuple[list[str], list[int]]
    located: int
    actions: tuple[list[str], list[int]]
    hours: tuple[list[int], list[int]]
    visit: tuple[int, str, float | None, float | None, str, str, str]


class _Sizes(msgspec.Struct, frozen=True, array_like=True):
    count: int
    largest: int


async def load_people(
    engine: EventsEngine, tenant: Tenant, users: Collection[str], places: Places
) -> dict[str, Person]:
    """The histories of these users as of a follower's places; new ones get an empty one."""
    found = {user: Person() for user in users}
    if not users or not has_seen_any(places):
        return found
    for row in await engine.rows(_people_statement(tenant, users, places), _Row):
        found[row.user_id] = _to_person(row)
    return found


async def load_exports(engine: EventsEngine, tenant: Tenant, places: Places) -> Exports:
    """What was exported so far, as of a follower's places."""
    if not has_seen_any(places):
        return Exports()
    binder = Binder()
    rows = await engine.rows(
        Statement(
            "SELECT count(), max(JSONExtractUInt(details, 'rows')) FROM events"
            f" WHERE {tenant.sql()} AND action = 'EXPORT' AND status = 'SUCCESS'"
            " AND user_id != '' AND JSONExtractUInt(details, 'rows') > 0"
            f" AND {seen_condition(places, binder)}",
            {**binder.parameters, **tenant.parameters()},
        ),
        _Sizes,
    )
    return Exports(rows[0].count, rows[0].largest)


def _people_statement(tenant: Tenant, users: Collection[str], places: Places) -> Statement:
    binder = Binder()
    users_sql = binder.bind(list(users), "Array(String)")
    seen_sql = seen_condition(places, binder)
    return Statement(
        "WITH toUnixTimestamp64Micro(timestamp) AS at SELECT user_id, count(), min(at), max(at),"
        " groupUniqArray(toInt64(floor(at / 86400000000))),"
        " minMap(if(country = '', [], [toString(country)]), if(country = '', [], [at])),"
        " maxMap(if(country = '', [], [toString(country)]), if(country = '', [], [at])),"
        " countIf(country != ''),"
        " minMap([concat(action, '\\n', resource_type)], [at]),"
        " sumMap([toUInt16((local_weekday - 1) * 24 + local_hour)], [toUInt64(1)]),"
        " argMaxIf(tuple(at, id, latitude, longitude, toString(city), toString(country),"
        " toString(ip_address)), tuple(at, id),"
        " action = 'LOGIN' AND latitude IS NOT NULL AND longitude IS NOT NULL)"
        f" FROM events WHERE {tenant.sql()} AND user_id IN {users_sql}"
        f" AND status = 'SUCCESS' AND {seen_sql} GROUP BY user_id",
        {**binder.parameters, **tenant.parameters()},
    )


def _to_person(row: _Row) -> Person:
    hours = [0] * HOURS_PER_WEEK
    for hour, count in zip(*row.hours, strict=True):
        hours[hour] = count
    last_seen = dict(zip(*row.last_countries, strict=True))
    return Person(
        events=row.events,
        first_at=row.first_at,
        last_at=row.last_at,
        days=sum(1 << day for day in {max(day, 0) for day in row.days}),
        countries={
            country: [first, last_seen[country]]
            for country, first in zip(*row.first_countries, strict=True)
        },
        located=row.located,
        actions={
            _did(text): first for text, first in zip(row.actions[0], row.actions[1], strict=True)
        },
        hours=hours,
        visit=_to_visit(row.visit),
    )


def _did(text: str) -> tuple[str, str]:
    action, _, resource_type = text.partition("\n")
    return action, resource_type


def _to_visit(visit: tuple[Any, ...]) -> Whereabouts | None:
    at, id, latitude, longitude, city, country, address = visit
    if latitude is None or longitude is None or not at:
        return None
    shown = address.removeprefix("::ffff:") if "." in address else address
    return Whereabouts(at, id, latitude, longitude, city, country, shown)
