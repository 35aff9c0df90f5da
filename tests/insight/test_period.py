"""The period: what is asked for, local days, slots in which the local hour never changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine import NOON
from tests.insight.samples import ZONES, periods
from trailkeeper.errors import BadRequest
from trailkeeper.event import OrganizationId
from trailkeeper.insight.period import Period, days_of, read_period, slot_seconds
from trailkeeper.principal import system_tenant

ACME = system_tenant(OrganizationId("acme"))


def asked(start: str | None, end: str | None, zone: str = "UTC") -> Period:
    return read_period(ACME, start, end, zone, NOON)


def test_without_dates_it_is_the_last_thirty_days() -> None:
    period = asked(None, None)
    assert (period.start, period.end) == (NOON - timedelta(days=30), NOON)
    assert period.before_start == NOON - timedelta(days=60)


def test_dates_are_whole_days_of_the_time_zone() -> None:
    period = asked("2026-03-01", "2026-03-02", "Asia/Kolkata")
    assert period.start == datetime(2026, 2, 28, 18, 30, tzinfo=UTC)
    assert period.end == datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
    assert period.dates() == [date(2026, 3, 1), date(2026, 3, 2)]


@pytest.mark.parametrize(
    ("start", "end", "zone", "code"),
    [
        ("2026-03-02", "2026-03-01", "UTC", "INVALID_RANGE"),
        ("2026-03-05", None, "UTC", "INVALID_RANGE"),
        ("1990-01-01", None, "UTC", "TOO_MANY_BUCKETS"),
        ("soon", None, "UTC", "INVALID_DATE"),
        (None, None, "Moon/Tycho", "INVALID_TIME_ZONE"),
    ],
)
def test_what_cannot_be_counted(start: str, end: str | None, zone: str, code: str) -> None:
    with pytest.raises(BadRequest) as caught:
        asked(start, end, zone)
    assert caught.value.code == code


def test_nothing_is_before_the_first_year() -> None:
    period = asked("1900-01-02", "1900-06-01")
    assert period.before_start == datetime(1900, 1, 1, tzinfo=UTC)


@settings(deadline=None, max_examples=50)
@given(period=periods("acme"))
def test_a_slot_has_one_local_hour(period: Period) -> None:
    """Looked at minute by minute around its ends, and at random in it."""
    length = slot_seconds(period.start, period.end, period.zone)
    assert 3600 % length == 0
    first = int(period.start.timestamp()) // length * length
    for start in range(first, min(int(period.end.timestamp()), first + 3 * 86_400), length):
        begin = max(period.start, datetime.fromtimestamp(start, UTC))
        end = min(period.end, datetime.fromtimestamp(start + length, UTC))
        last = end - timedelta(microseconds=1)
        if last < begin:
            continue
        hours = {
            (local.date(), local.hour)
            for local in (each.astimezone(period.zone) for each in (begin, last))
        }
        assert len(hours) == 1, (period, begin, hours)


@settings(deadline=None)
@given(period=periods("acme"), part=st.floats(0, 1))
def test_every_moment_is_in_the_bucket_of_its_date(period: Period, part: float) -> None:
    moment = period.start + (period.end - period.start) * part
    moment = min(moment, period.end - timedelta(microseconds=1))
    days = days_of(period)
    key = max(key for key in days.keys if key <= moment.timestamp())
    counts = days.filled({key: 1})
    assert days.dates[counts.index(1)] == moment.astimezone(period.zone).date()


@pytest.mark.parametrize("name", ZONES)
def test_whole_hours_wherever_a_zone_has_them(name: str) -> None:
    zone = ZoneInfo(name)
    length = slot_seconds(NOON - timedelta(days=400), NOON, zone)
    offset = (NOON.astimezone(zone).utcoffset() or timedelta()).total_seconds()
    assert (length == 3600) == (offset % 3600 == 0 and name != "Australia/Lord_Howe")
