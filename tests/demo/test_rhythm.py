"""The week, the day, holidays, the night owl: the stream looks like people at work."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tests.demo.story import Told
from trailkeeper.demo import Person, Role, generate, people

PEOPLE_SOURCES = ("UI", "CLI", "SDK")


def by_person(told: list[Told], by_id: dict[str, Person]) -> list[tuple[Person, datetime, Told]]:
    """What people did, at their own local time."""
    zones = {person.id: ZoneInfo(person.time_zone) for person in by_id.values()}
    return [
        (by_id[entry.event.user_id], entry.at.astimezone(zones[entry.event.user_id]), entry)
        for entry in told
        if entry.event.user_id in by_id
    ]


def test_weekends_are_quiet_but_not_dead(told: list[Told], by_id: dict[str, Person]) -> None:
    days = Counter(at.isoweekday() for _, at, _ in by_person(told, by_id))
    workday = sum(days[day] for day in range(1, 6)) / 5
    assert 0 < days[6] < workday * 0.1
    assert 0 < days[7] < workday * 0.1
    assert min(days[day] for day in range(1, 6)) > workday * 0.7


def test_the_working_day_has_a_lunch_dip_and_a_night(
    told: list[Told], by_id: dict[str, Person]
) -> None:
    hours = Counter(at.hour for person, at, _ in by_person(told, by_id) if not person.is_night_owl)
    morning, lunch, afternoon = hours[10], hours[12], hours[15]
    assert lunch < 0.6 * morning
    assert lunch < 0.6 * afternoon
    assert sum(hours[hour] for hour in range(6)) < 0.02 * sum(hours.values())


def test_people_keep_their_own_hours(told: list[Told], by_id: dict[str, Person]) -> None:
    outside = Counter(
        person.role
        for person, at, _ in by_person(told, by_id)
        if not person.starts - 0.1 <= at.hour + at.minute / 60 <= person.ends + 1
        and not person.is_night_owl
    )
    # Those on call, and the incidents.
    assert sum(outside.values()) < 0.02 * len(told)
    assert outside[Role.DEVOPS] > 0.6 * sum(outside.values())


def test_the_night_owl_works_at_night(told: list[Told], by_id: dict[str, Person]) -> None:
    owl = [at.hour for person, at, _ in by_person(told, by_id) if person.is_night_owl]
    assert len(owl) > 100
    assert all(hour >= 20 or hour < 6 for hour in owl)


def test_a_public_holiday_empties_its_own_country_only() -> None:
    now = datetime(2026, 12, 20, tzinfo=UTC)
    countries = {person.id: person.country for person in people()}
    thursdays = (date(2026, 11, 19), date(2026, 11, 26))
    active: dict[date, Counter[str]] = {day: Counter() for day in thursdays}
    for event in generate(now, days=40, target_events=60_000):
        day = date.fromisoformat(str(event["timestamp"])[:10])
        if day in active and event.get("user_id") in countries:
            active[day][countries[str(event["user_id"])]] += 1
    thursday_before, thanksgiving = (active[day] for day in thursdays)
    assert thursday_before["US"] > 50
    assert thanksgiving["US"] < 0.3 * thursday_before["US"]
    assert thanksgiving["DE"] > 0.6 * thursday_before["DE"]


def test_people_take_vacations(told: list[Told], by_id: dict[str, Person]) -> None:
    days: dict[str, set[date]] = {}
    for person, at, _ in by_person(told, by_id):
        days.setdefault(person.id, set()).add(at.date())
    longest = [
        max(
            (later - earlier).days
            for earlier, later in zip(sorted(seen), sorted(seen)[1:], strict=False)
        )
        for seen in days.values()
    ]
    assert 10 < sum(gap >= 9 for gap in longest) < 55


def test_programs_keep_utc_schedules(told: list[Told]) -> None:
    hours = {entry.at.hour for entry in told if entry.event.user_id == "service-nightly-eval"}
    assert hours <= {1, 2}
    minutes = {entry.at.minute for entry in told if entry.event.user_id == "service-backup"}
    assert minutes <= {0, 1, 2}


def test_sessions_begin_with_a_login(told: list[Told], by_id: dict[str, Person]) -> None:
    signed_in: set[str] = set()
    early = 0
    for entry in told:
        user = entry.event.user_id
        if entry.event.source != "UI" or user not in by_id:
            continue
        if entry.event.action == "LOGIN":
            signed_in.add(user)
        elif user not in signed_in:
            early += 1
    # Sessions that were under way when the window opened, and accounts made by script.
    assert early < 50
    assert len(signed_in) > 55


def test_typos_come_before_their_login(told: list[Told]) -> None:
    """Most failed logins are followed by a success of the same account and address."""
    open_failures: set[tuple[str | None, str | None]] = set()
    resolved = 0
    for entry in told:
        key = (entry.event.user_email, entry.event.ip_address)
        if entry.event.action == "LOGIN_FAILED" and entry.event.resource_id is not None:
            open_failures.add(key)
        elif entry.event.action == "LOGIN" and key in open_failures:
            open_failures.remove(key)
            resolved += 1
    assert resolved > 100
    # What stays open is the brute force: four accounts that held.
    assert len(open_failures) == 4
