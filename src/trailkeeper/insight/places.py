"""Sign-ins by place, for a map."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from trailkeeper.insight.counting import FAILED_SIGN_IN, IS_FAILED_SIGN_IN, SIGNED_IN
from trailkeeper.insight.period import Period
from trailkeeper.insight.schema import Place, Unplaced
from trailkeeper.search.ast import any_of
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement


@dataclass(frozen=True, slots=True)
class SignInPlaces:
    """The places with most sign-ins, how many there are, and what is nowhere."""

    places: list[Place]
    distinct: int
    unplaced: Unplaced


class _Row(msgspec.Struct, frozen=True, array_like=True):
    country: str
    city: str
    latitude: float | None
    longitude: float | None
    succeeded: int
    failed: int
    users: int
    distinct: int


async def read_sign_in_places(engine: EventsEngine, period: Period, limit: int) -> SignInPlaces:
    """Counts of LOGIN, and of failed sign-ins, by country and city."""
    binder = Binder()
    question = period.now(any_of((SIGNED_IN, FAILED_SIGN_IN)))
    where_condition = question.condition(binder)
    # Beside the places themselves one row for what is nowhere, which may come last.
    limit_sql = binder.bind(limit, "UInt64")
    statement = Statement(
        "SELECT toString(country) AS land, toString(city) AS town,"
        " argMax(latitude, (timestamp, id)), argMax(longitude, (timestamp, id)),"
        f" countIf(NOT {IS_FAILED_SIGN_IN}), countIf({IS_FAILED_SIGN_IN}),"
        " uniqExactIf(user_id, user_id != ''), countIf(land != '') OVER () FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition}"
        " GROUP BY land, town ORDER BY land = '' DESC, count() DESC, land, town"
        f" LIMIT {limit_sql} BY land = ''",
        binder.parameters,
    )
    rows = await engine.rows(statement, _Row)
    nowhere = [row for row in rows if not row.country]
    return SignInPlaces(
        [_to_place(row) for row in rows if row.country],
        rows[0].distinct if rows else 0,
        Unplaced(
            succeeded=sum(row.succeeded for row in nowhere),
            failed=sum(row.failed for row in nowhere),
        ),
    )


def _to_place(row: _Row) -> Place:
    return Place(
        country=row.country,
        city=row.city or None,
        latitude=row.latitude,
        longitude=row.longitude,
        succeeded=row.succeeded,
        failed=row.failed,
        users=row.users,
    )
