"""When alerts go out: quiet hours in the organization's time zone, digests on their grid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.errors import BadRequest
from trailkeeper.notify.alert import Severity
from trailkeeper.notify.plan import AlertPlan, QuietHours, check_quiet_hours
from trailkeeper.notify.schedule import Slot, quiet_until, slot_for

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(start="22:00", end="07:00")
WEEKEND = QuietHours(start="00:00", end="00:00", days=[6, 7])


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "at", "end"),
    [
        (NIGHT, "2026-03-04 21:59", None),
        (NIGHT, "2026-03-04 22:00", "2026-03-05 07:00"),
        (NIGHT, "2026-03-05 02:30", "2026-03-05 07:00"),
        (NIGHT, "2026-03-05 07:00", None),
        # The night in which clocks are put forward, and the one in which they are put back.
        (NIGHT, "2026-03-28 23:00", "2026-03-29 07:00"),
        (NIGHT, "2026-10-25 01:30", "2026-10-25 07:00"),
        # Friday night; Saturday and Sunday whole.
        (WEEKEND, "2026-03-06 23:59", None),
        (WEEKEND, "2026-03-07 00:00", "2026-03-09 00:00"),
        (WEEKEND, "2026-03-08 12:00", "2026-03-09 00:00"),
        (QuietHours(start="22:00", end="07:00", days=[1]), "2026-03-10 03:00", "2026-03-10 07:00"),
        (QuietHours(start="22:00", end="07:00", days=[1]), "2026-03-09 03:00", None),
        (QuietHours(start="12:00", end="13:00"), "2026-03-10 12:30", "2026-03-10 13:00"),
    ],
)
def test_quiet_hours_are_local(quiet: QuietHours, at: str, end: str | None) -> None:
    moment = berlin(at)
    assert quiet_until(quiet, moment, BERLIN) == (moment if end is None else berlin(end))


def test_what_comes_in_quiet_hours_waits_for_their_end_as_a_digest() -> None:
    plan = AlertPlan(quiet_hours=NIGHT)
    night = berlin("2026-03-04 23:00")
    assert slot_for(plan, Severity.HIGH, night, "Europe/Berlin") == Slot(
        berlin("2026-03-05 07:00"), is_digest=True
    )


def test_what_is_critical_breaks_through_where_it_may() -> None:
    night = berlin("2026-03-04 23:00")
    through = AlertPlan(quiet_hours=NIGHT)
    held = AlertPlan(
        quiet_hours=QuietHours(start="22:00", end="07:00", critical_breaks_through=False)
    )
    at_once = Slot(night, is_digest=False)
    assert slot_for(through, Severity.CRITICAL, night, "Europe/Berlin") == at_once
    assert slot_for(held, Severity.CRITICAL, night, "Europe/Berlin").is_digest


def test_a_digest_that_would_come_in_the_quiet_waits_as_well() -> None:
    plan = AlertPlan(quiet_hours=NIGHT, digest_minutes=60)
    evening = berlin("2026-03-04 21:30")
    assert slot_for(plan, Severity.LOW, evening, "Europe/Berlin").at == berlin("2026-03-05 07:00")


@given(
    minutes=st.integers(1, 10_080),
    now=st.datetimes(
        min_value=datetime(2000, 1, 1),
        max_value=datetime(2100, 1, 1),
        timezones=st.just(UTC),
    ),
)
def test_digests_come_every_n_minutes(minutes: int, now: datetime) -> None:
    plan = AlertPlan(digest_minutes=minutes)
    slot = slot_for(plan, Severity.LOW, now, "UTC")
    assert timedelta(0) < slot.at - now <= timedelta(minutes=minutes)
    assert slot_for(plan, Severity.LOW, slot.at, "UTC").at == slot.at + timedelta(minutes=minutes)


times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))


@given(
    start=times,
    end=times,
    days=st.lists(st.integers(1, 7), min_size=1, max_size=6, unique=True),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]),
    at=st.datetimes(
        min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)
    ),
)
def test_after_the_end_it_is_not_quiet(
    start: str, end: str, days: list[int], zone: str, at: datetime
) -> None:
    quiet = QuietHours(start=start, end=end, days=days)
    check_quiet_hours(quiet)
    until = quiet_until(quiet, at, ZoneInfo(zone))
    assert at <= until <= at + timedelta(days=8)
    assert quiet_until(quiet, until, ZoneInfo(zone)) == until


@pytest.mark.parametrize(
    "quiet",
    [
        QuietHours(start="24:00", end="07:00"),
        QuietHours(start="22:00", end="7:00"),
        QuietHours(start="22:00", end="07:00", days=[]),
        QuietHours(start="22:00", end="07:00", days=[0]),
        QuietHours(start="00:00", end="00:00"),
    ],
)
def test_quiet_hours_that_cannot_be_are_refused(quiet: QuietHours) -> None:
    with pytest.raises(BadRequest) as raised:
        check_quiet_hours(quiet)
    assert raised.value.code == "INVALID_QUIET_HOURS"
