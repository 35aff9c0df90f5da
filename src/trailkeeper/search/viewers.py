"""Who looked at a user's activity: counted from the log's own record of reads."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

import msgspec

from trailkeeper.principal import Tenant
from trailkeeper.search.ast import DetailsMatch, Filter, Match, all_of, any_of
from trailkeeper.search.fields import FIELDS
from trailkeeper.search.params import TimeRange
from trailkeeper.search.question import Question
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

LOOKS: Final = ("SEARCH", "VIEW", "EXPORT")
USER: Final = "USER"
RECORDED_ON: Final = (USER, "AUDIT_LOG")


class Viewer(msgspec.Struct, frozen=True, array_like=True):
    """One reader: how often they searched for, viewed or exported the user's activity."""

    user_id: str
    user_email: str
    looks: int
    searches: int
    views: int
    exports: int
    first_at: datetime
    last_at: datetime


async def read_viewers(
    engine: EventsEngine,
    tenant: Tenant,
    user_id: str,
    emails: Collection[str],
    range: TimeRange,
    limit: int,
) -> list[Viewer]:
    """The latest reader first. `emails` are the user's, in lower case.

    Counted are reads that asked for the user by name, and views of their events; a search of
    the whole log shows their activity too, among everyone's, and is not counted.
    """
    named = (DetailsMatch(("subjects",), each) for each in sorted({user_id, *emails}))
    question = Question(
        tenant,
        all_of(
            (
                any_of(Match(FIELDS["action"], each) for each in LOOKS),
                any_of(Match(FIELDS["resource_type"], each) for each in RECORDED_ON),
                any_of([_of_user(user_id), *named]),
            )
        ),
        range,
    )
    binder = Binder()
    where_condition = question.condition(binder)
    limit_sql = binder.bind(limit, "UInt64")
    # A folded record counts for the reads that it stands for.
    count_sql = "greatest(1, JSONExtractUInt(details, 'count'))"
    statement = Statement(
        "SELECT user_id, argMax(user_email, timestamp) AS email,"
        f" sum({count_sql}) AS looks, sumIf({count_sql}, action = 'SEARCH') AS searches,"
        f" sumIf({count_sql}, action = 'VIEW') AS views,"
        f" sumIf({count_sql}, action = 'EXPORT') AS exports,"
        " min(timestamp) AS first_at, max(timestamp) AS last_at"
        f" FROM events WHERE {question.tenant.sql()} AND {where_condition}"
        f" GROUP BY user_id ORDER BY last_at DESC, user_id LIMIT {limit_sql}",
        binder.parameters,
    )
    return await engine.rows(statement, Viewer)


def _of_user(user_id: str) -> Filter:
    """A look at the user themself, as a platform records it."""
    return all_of(
        (
            Match(FIELDS["action"], "VIEW"),
            Match(FIELDS["resource_type"], USER),
            Match(FIELDS["resource_id"], user_id),
        )
    )
