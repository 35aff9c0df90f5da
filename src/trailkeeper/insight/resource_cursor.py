"""Cursors of the resource list: where a page ended, and of which period.

They name resources only within the tenant, so they need no signature.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

import msgspec

from trailkeeper.errors import BadRequest
from trailkeeper.insight.period import MAX_LENGTH, Period
from trailkeeper.insight.resources import Place
from trailkeeper.insight.schema import ResourceSort
from trailkeeper.search.times import FIRST_YEAR, LAST_YEAR


class ResourceCursor(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """The last place of a page; without an end of its own, a period keeps that of the first."""

    sort: ResourceSort
    place: Place
    start: datetime
    end: datetime


def to_text(cursor: ResourceCursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode()


def from_text(text: str, sort: ResourceSort) -> ResourceCursor:
    """Raises BadRequest(INVALID_CURSOR), also for a cursor of another order."""
    try:
        decoded = base64.b64decode(text, altchars=b"-_", validate=True)
        cursor = msgspec.json.decode(decoded, type=ResourceCursor)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise _invalid() from None
    if cursor.sort is not sort or not _is_possible(cursor):
        raise _invalid()
    return cursor


def continued(period: Period, cursor: ResourceCursor, *, is_open: bool) -> Period:
    """The first page's period. Where both ends were given they have to be the same ones.

    Raises BadRequest(CURSOR_MISMATCH).
    """
    first = Period(period.tenant, period.zone, cursor.start, cursor.end)
    if not is_open and (first.start, first.end) != (period.start, period.end):
        raise BadRequest(
            "CURSOR_MISMATCH",
            "This cursor came from another period.",
            hint="Send the same dates as for the page before.",
            field="cursor",
        )
    return first


def _is_possible(cursor: ResourceCursor) -> bool:
    start, end = cursor.start, cursor.end
    if start.tzinfo is None or end.tzinfo is None or not start < end <= start + MAX_LENGTH:
        return False
    is_in_years = start.year >= FIRST_YEAR and end.year <= LAST_YEAR + 1
    return is_in_years and -(2**63) <= cursor.place.key < 2**63


def _invalid() -> BadRequest:
    return BadRequest(
        "INVALID_CURSOR",
        "This is not a cursor of the resources in this order.",
        hint="Pass `next_cursor` of the page before, unchanged, with the same `sort`.",
        field="cursor",
    )
