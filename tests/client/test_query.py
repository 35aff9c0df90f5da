"""Filters as they go into the query string."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from trailkeeper.client.query import to_query
from trailkeeper.event import Status


def test_each_kind_of_value() -> None:
    assert to_query(
        {
            "q": None,
            "action": ["LOGIN", "LOGOUT"],
            "status": Status.FAILED,
            "limit": 10,
            "end_date": date(2025, 1, 31),
            "start_date": datetime(2025, 1, 1, 12, tzinfo=UTC),
            "details": {"reason": "x y", "flag": True, "n.deep": [1, 2]},
        }
    ) == [
        ("action", "LOGIN"),
        ("action", "LOGOUT"),
        ("status", "FAILED"),
        ("limit", "10"),
        ("end_date", "2025-01-31"),
        ("start_date", "2025-01-01T12:00:00+00:00"),
        ("details.reason", "x y"),
        ("details.flag", "true"),
        ("details.n.deep", "1"),
        ("details.n.deep", "2"),
    ]


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"start_date.*no time zone"):
        to_query({"start_date": datetime(2025, 1, 1)})
