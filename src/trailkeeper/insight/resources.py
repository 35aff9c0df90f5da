"""Resources: the most changed and most used, and all of them in pages.

Which resources come first is found by counting alone; what is told of them is read for those
few, from the table's own order by resource.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from trailkeeper.insight.counting import CHANGES, IS_CHANGE
from trailkeeper.insight.period import EVERYTHING, Period
from trailkeeper.insight.schema import ResourceCount, ResourceSort, ResourceView
from trailkeeper.search.ast import Exists, Filter, Match, Not, all_of, any_of
from trailkeeper.search.fields import FIELDS
from trailkeeper.search.question import Question, bind_time
from trailkeeper.search.sql import Binder, case_folded_sql
from trailkeeper.search.text import fold_needle
from trailkeeper.store.engine import EventsEngine, Statement, engine_time

PROJECT: Final = "PROJECT"
MODEL: Final = "MODEL"
ENDPOINT: Final = "ENDPOINT"
CLUSTER: Final = "CLUSTER"
TYPES: Final = (PROJECT, MODEL, ENDPOINT, CLUSTER)

IS_COUNTED: Final = "(resource_type != 'PROJECT' OR action IN ('CREATE', 'UPDATE', 'DELETE'))"
"""Of projects changes count, of everything else all events."""

_HAS_ID: Final = Exists(FIELDS["resource_id"])
_COUNTED: Final = all_of(
    (
        _HAS_ID,
        any_of(Match(FIELDS["resource_type"], each) for each in TYPES),
        any_of(
            (
                Not(Match(FIELDS["resource_type"], PROJECT)),
                *(Match(FIELDS["action"], each) for each in CHANGES),
            )
        ),
    )
)
_SORT_KEYS: Final = {
    ResourceSort.CHANGES: f"toInt64(countIf({IS_CHANGE}))",
    ResourceSort.EVENTS: "toInt64(count())",
    ResourceSort.LAST_SEEN: "toUnixTimestamp64Micro(max(timestamp))",
}

Resource = tuple[str, str]
"""Type and id."""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A resource's place in an order: what it is sorted by, then type and id."""

    key: int
    resource_type: str
    resource_id: str

    @property
    def resource(self) -> Resource:
        return self.resource_type, self.resource_id


class _Told(msgspec.Struct, frozen=True, array_like=True):
    resource_type: str
    resource_id: str
    resource_name: str
    now: int
    before: int
    users: int


class _View(msgspec.Struct, frozen=True, array_like=True):
    resource_type: str
    resource_id: str
    resource_name: str
    events: int
    changes: int
    users: int
    first_seen: datetime
    last_seen: datetime
    is_deleted: int


async def read_top_resources(
    engine: EventsEngine, period: Period, limit: int
) -> dict[str, list[ResourceCount]]:
    """The `limit` first of each of TYPES, by its count in the period."""
    binder = Binder()
    question = period.now(_COUNTED)
    where_condition = question.condition(binder)
    limit_sql = binder.bind(limit, "UInt64")
    statement = Statement(
        "SELECT count() AS counted, toString(resource_type) AS kind, resource_id FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition}"
        " GROUP BY resource_type, resource_id ORDER BY counted DESC, resource_id"
        f" LIMIT {limit_sql} BY resource_type",
        binder.parameters,
    )
    places = await engine.rows(statement, Place)
    told = await _read_told(engine, period, [place.resource for place in places])
    found: dict[str, list[ResourceCount]] = {kind: [] for kind in TYPES}
    for place in places:
        row = told[place.resource]
        found[place.resource_type].append(
            ResourceCount(
                resource_type=row.resource_type,
                resource_id=row.resource_id,
                resource_name=row.resource_name or None,
                count=row.now,
                before=row.before,
                users=row.users,
            )
        )
    return found


async def _read_told(
    engine: EventsEngine, period: Period, resources: Sequence[Resource]
) -> dict[Resource, _Told]:
    if not resources:
        return {}
    binder = Binder()
    question = period.whole(_COUNTED)
    where_condition = question.condition(binder)
    among_condition = _among_condition(resources, binder)
    start_sql = bind_time(binder, period.start)
    now_condition = f"timestamp >= {start_sql}"
    statement = Statement(
        "SELECT toString(resource_type), resource_id,"
        " argMaxIf(resource_name, (timestamp, id), resource_name != ''),"
        f" countIf({now_condition}), countIf(NOT {now_condition}),"
        f" uniqExactIf(user_id, user_id != '' AND {now_condition}) FROM events"
        f" WHERE {question.tenant.sql()} AND {among_condition} AND {where_condition}"
        " GROUP BY resource_type, resource_id",
        binder.parameters,
    )
    rows = await engine.rows(statement, _Told)
    return {(row.resource_type, row.resource_id): row for row in rows}


async def read_places(
    engine: EventsEngine,
    question: Question,
    search: str,
    sort: ResourceSort,
    after: Place | None,
    limit: int,
) -> list[Place]:
    """Resources with an event that matches, in order, behind a place.

    `search` is a part of the id, or of a name that the resource had in the period.
    """
    binder = Binder()
    where_condition = question.condition(binder)
    if search:
        where_condition += f" AND {_search_condition(question, search, binder)}"
    key_sql = _SORT_KEYS[sort]
    behind_condition = "1" if after is None else _behind_condition(after, binder)
    limit_sql = binder.bind(limit, "UInt64")
    statement = Statement(
        f"SELECT {key_sql} AS sort_key, toString(resource_type) AS kind, resource_id FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition}"
        f" GROUP BY resource_type, resource_id HAVING {behind_condition}"
        f" ORDER BY sort_key DESC, kind, resource_id LIMIT {limit_sql}",
        binder.parameters,
    )
    return await engine.rows(statement, Place)


async def read_views(
    engine: EventsEngine, period: Period, places: Sequence[Place]
) -> list[ResourceView]:
    """What is told of these resources, in their order."""
    if not places:
        return []
    binder = Binder()
    binder.parameters.update(period.tenant.parameters())
    among_condition = _among_condition([place.resource for place in places], binder)
    end_sql = binder.bind(engine_time(period.end), "DateTime64(6, 'UTC')")
    start_sql = bind_time(binder, period.start)
    now_condition = f"timestamp >= {start_sql}"
    statement = Statement(
        "SELECT toString(resource_type), resource_id,"
        " argMaxIf(resource_name, (timestamp, id), resource_name != ''),"
        f" countIf({now_condition}), countIf({IS_CHANGE} AND {now_condition}),"
        f" uniqExactIf(user_id, user_id != '' AND {now_condition}),"
        f" minIf(timestamp, {now_condition}), maxIf(timestamp, {now_condition}),"
        " argMaxIf(toString(action), (timestamp, id),"
        " action IN ('CREATE', 'DELETE') AND status = 'SUCCESS') = 'DELETE' FROM events"
        f" WHERE {period.tenant.sql()} AND {among_condition} AND timestamp < {end_sql}"
        " GROUP BY resource_type, resource_id",
        binder.parameters,
    )
    rows = await engine.rows(statement, _View)
    found = {(row.resource_type, row.resource_id): row for row in rows}
    return [_to_view(found[place.resource]) for place in places]


def wanted_resources(resource_types: Sequence[str]) -> Filter:
    """Events about a resource with an id, of these types or of any."""
    if not resource_types:
        return all_of((_HAS_ID, EVERYTHING))
    return all_of(
        (_HAS_ID, any_of(Match(FIELDS["resource_type"], each) for each in resource_types))
    )


def _to_view(row: _View) -> ResourceView:
    return ResourceView(
        resource_type=row.resource_type,
        resource_id=row.resource_id,
        resource_name=row.resource_name or None,
        events=row.events,
        changes=row.changes,
        users=row.users,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        is_deleted=bool(row.is_deleted),
    )


def _among_condition(resources: Sequence[Resource], binder: Binder) -> str:
    """Resources of these types and ids: the ones that are meant, and few others."""
    kinds_sql = binder.bind(sorted({kind for kind, _ in resources}), "Array(String)")
    ids_sql = binder.bind(sorted({each for _, each in resources}), "Array(String)")
    return f"resource_type IN {kinds_sql} AND resource_id IN {ids_sql}"


def _search_condition(question: Question, search: str, binder: Binder) -> str:
    needle = fold_needle(search)
    needle_sql = binder.bind(needle, "String")
    id_sql = case_folded_sql("resource_id", needle.isascii())
    name_sql = case_folded_sql("resource_name", needle.isascii())
    where_condition = question.condition(binder)
    return (
        "(resource_type, resource_id) IN (SELECT resource_type, resource_id FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition}"
        f" AND (position({id_sql}, {needle_sql}) > 0 OR position({name_sql}, {needle_sql}) > 0))"
    )


def _behind_condition(after: Place, binder: Binder) -> str:
    key_sql = binder.bind(after.key, "Int64")
    kind_sql = binder.bind(after.resource_type, "String")
    id_sql = binder.bind(after.resource_id, "String")
    return (
        f"(sort_key < {key_sql} OR sort_key = {key_sql}"
        f" AND (kind, resource_id) > ({kind_sql}, {id_sql}))"
    )
