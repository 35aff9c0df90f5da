"""The statements' common parts: counts now and before, counts over time.

Both come from the hourly roll-ups where those know all that is asked for, and are exact: the
partial hours at a period's ends, and zones that are not whole hours from UTC, are counted
event by event (`search.counts`).
"""

from __future__ import annotations

from typing import Final

from trailkeeper.insight.period import Buckets, Period
from trailkeeper.search.ast import Filter, Match, all_of, any_of
from trailkeeper.search.counts import can_use_rollup, counted_rows
from trailkeeper.search.fields import FIELDS
from trailkeeper.search.question import Question
from trailkeeper.search.sql import Binder

CHANGES: Final = ("CREATE", "UPDATE", "DELETE")

IS_CHANGE: Final = "action IN ('CREATE', 'UPDATE', 'DELETE')"
IS_FAILED_SIGN_IN: Final = "(action = 'LOGIN_FAILED' OR action = 'LOGIN' AND status = 'FAILED')"

SIGNED_IN: Final = all_of((Match(FIELDS["action"], "LOGIN"), Match(FIELDS["status"], "SUCCESS")))
"""What makes a user active."""
FAILED_SIGN_IN: Final = any_of(
    (
        Match(FIELDS["action"], "LOGIN_FAILED"),
        all_of((Match(FIELDS["action"], "LOGIN"), Match(FIELDS["status"], "FAILED"))),
    )
)


def compared_sql(period: Period, wanted: Filter, columns: tuple[str, ...], binder: Binder) -> str:
    """A query of `columns…, events, is_now`: partial counts of the period and the one before."""
    selected_columns = ", ".join([*columns, "events"])
    now_sql = counted_rows(period.now(wanted), columns, binder)
    before_sql = counted_rows(period.before(wanted), columns, binder)
    return (
        f"SELECT {selected_columns}, 1 AS is_now FROM ({now_sql})"
        f" UNION ALL SELECT {selected_columns}, 0 AS is_now FROM ({before_sql})"
    )


def timed_sql(
    question: Question, columns: tuple[str, ...], binder: Binder, *, is_hourly: bool
) -> str:
    """A query of `columns…, at, events`: partial counts, `at` in Unix seconds.

    With `is_hourly` the whole hour (of UTC) is all that is asked for of a time.
    """
    selected_columns = ", ".join([*columns, ""])
    if is_hourly and can_use_rollup(question, columns):
        source_sql = counted_rows(question, columns, binder, by_hour=True)
        return (
            f"SELECT {selected_columns}toInt64(toUnixTimestamp(hour)) AS at, events"
            f" FROM ({source_sql})"
        )
    where_condition = question.condition(binder)
    return (
        f"SELECT {selected_columns}toInt64(toUnixTimestamp(timestamp)) AS at, 1 AS events"
        f" FROM events WHERE {question.tenant.sql()} AND {where_condition}"
    )


def bucket_sql(seconds_sql: str, buckets: Buckets, binder: Binder) -> str:
    """The key of the bucket that a time belongs to."""
    return f"roundDown({seconds_sql}, {binder.bind(buckets.keys, 'Array(Int64)')})"
