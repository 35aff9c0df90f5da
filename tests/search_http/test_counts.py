"""Totals, histograms and facets equal counting by hand, to the microsecond."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.api.tenant import Json, Tenant, at, event, opened
from tests.live import LiveServer
from tests.search_http.story import (
    ACTIONS,
    BUSY_DAYS,
    TYPES,
    USERS,
    Story,
    labels,
    record_story,
)

MICROSECOND = timedelta(microseconds=1)
ALWAYS = (at("1990-01-01T00:00:00Z"), at("2100-01-01T00:00:00Z"))


@pytest.fixture(scope="module")
def story(live_server: LiveServer) -> Iterator[Story]:
    with opened(live_server) as tenant:
        yield record_story(tenant)


moments = st.one_of(
    st.datetimes(datetime(2024, 3, 9), datetime(2024, 4, 8)),
    st.datetimes(datetime(2024, 1, 1), datetime(2024, 12, 31)),
    st.datetimes(datetime(2024, 3, 30), datetime(2024, 4, 1)).map(
        lambda moment: moment.replace(minute=0, second=0, microsecond=0)
    ),
).map(lambda moment: moment.replace(tzinfo=UTC))

filters = st.fixed_dictionaries(
    {},
    optional={
        "action": st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=2, unique=True),
        "user_id": st.sampled_from(["ann", "bob"]),
        "resource_type": st.lists(st.sampled_from(TYPES), min_size=1, max_size=2, unique=True),
        "status": st.sampled_from(["SUCCESS", "FAILED"]),
        "source": st.sampled_from(["UI", "API"]),
    },
)


@settings(max_examples=60, deadline=None)
@given(ends=st.tuples(moments, moments), wanted=filters)
@example(ends=(at("2024-03-31T00:00:00Z"), at("2024-03-31T23:59:59.999999Z")), wanted={})
def test_totals_are_exact_also_for_partial_hours(
    story: Story, ends: tuple[datetime, datetime], wanted: Json
) -> None:
    start, end = min(ends), max(ends)
    page = story.tenant.search(
        start_date=start.isoformat(), end_date=end.isoformat(), limit=1, **wanted
    )
    assert page["total"] == len(story.within(start, end + MICROSECOND, **wanted))


def test_totals_without_a_range_and_with_one_end(story: Story) -> None:
    middle = at("2024-06-15T12:34:56.789Z")
    assert story.tenant.search(limit=1)["total"] == len(story.events)
    for wanted in ({}, {"action": "LOGIN"}, {"source": "UI"}):
        later = story.tenant.search(start_date=middle.isoformat(), limit=1, **wanted)
        assert later["total"] == len(story.within(middle, ALWAYS[1], **wanted))
        earlier = story.tenant.search(end_date=middle.isoformat(), limit=1, **wanted)
        assert earlier["total"] == len(story.within(ALWAYS[0], middle + MICROSECOND, **wanted))


def check_histogram(story: Story, asked: Json, start: datetime, end: datetime) -> Json:
    """The answer, which has to be what counting by hand says of the range `[start, end)`."""
    histogram: Json = story.tenant.get(
        "/audit-logs/histogram",
        {
            **asked,
            "start_date": start.isoformat(),
            "end_date": (end - MICROSECOND).isoformat(),
        },
    )
    starts = [at(each["start"]) for each in histogram["buckets"]]
    assert starts == sorted(set(starts))
    wanted = {name: asked[name] for name in ("action", "source") if name in asked}
    counted: list[Counter[str]] = [Counter() for _ in starts]
    for each in story.within(start, end, **wanted):
        counted[bisect.bisect_right(starts, each["at"]) - 1][each[asked.get("by", "action")]] += 1
    assert [each["count"] for each in histogram["buckets"]] == [each.total() for each in counted]
    if "by" in asked:
        assert [Counter(each["split"]) for each in histogram["buckets"]] == counted
    assert histogram["total"] == sum(each.total() for each in counted)
    return histogram


@pytest.mark.parametrize("interval", ["minute", "hour", "day", "week", "month"])
@pytest.mark.parametrize(
    ("zone", "day"), [(zone, day) for zone, days in BUSY_DAYS.items() for day in days]
)
def test_buckets_begin_where_the_local_calendar_says(
    story: Story, zone: str, day: str, interval: str
) -> None:
    hours = {"minute": 20, "hour": 60, "day": 24 * 9, "week": 24 * 40, "month": 24 * 100}[interval]
    start = at(f"{day}T03:00:00Z") - timedelta(hours=hours / 2, minutes=17, microseconds=-3)
    end = start + timedelta(hours=hours, minutes=41)
    asked = {"interval": interval, "time_zone": zone, "by": "status"}
    histogram = check_histogram(story, asked, start, end)
    assert (histogram["interval"], histogram["time_zone"]) == (interval, zone)
    starts = [at(each["start"]) for each in histogram["buckets"]]
    expected = [begin for begin, _ in labels(start, end, interval, ZoneInfo(zone))]
    if (interval, zone) == ("hour", "Australia/Lord_Howe"):
        # Half an hour is left out or added there: it belongs to the hour before.
        assert {each.strftime("%M:%S") for each in starts} <= {"00:00", "30:00"}
        expected = [each for each in expected if each in starts]
        assert len(starts) - len(expected) <= 1
        return
    assert starts == expected


@pytest.mark.parametrize("by", ["action", "resource_type", "status", "source"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
@pytest.mark.parametrize("wanted", [{}, {"action": ["LOGIN", "DELETE"]}, {"source": "UI"}])
def test_each_split_is_exact_with_and_without_filters(
    story: Story, by: str, zone: str, wanted: Json
) -> None:
    start, end = at("2024-03-30T05:45:59.5Z"), at("2024-04-02T18:15:00.25Z")
    check_histogram(story, {"interval": "hour", "time_zone": zone, "by": by, **wanted}, start, end)


def test_lord_howe_over_a_year_has_whole_and_half_hours(story: Story) -> None:
    """Both ends of the range are a whole number of hours off UTC, its middle is not."""
    start, end = at("2024-01-10T00:00:00Z"), at("2024-12-10T00:00:00Z")
    for interval in ("day", "week", "month"):
        check_histogram(
            story, {"interval": interval, "time_zone": "Australia/Lord_Howe"}, start, end
        )


@pytest.mark.parametrize(
    ("hours", "interval"),
    [(1, "minute"), (2, "minute"), (3, "hour"), (120, "hour"), (121, "day"), (24 * 120, "day"),
     (24 * 121, "week"), (24 * 365 * 2, "week"), (24 * 365 * 3, "month")],
)  # fmt: skip
def test_auto_is_the_finest_interval_of_at_most_120_buckets(
    story: Story, hours: int, interval: str
) -> None:
    start = at("2024-01-01T00:00:00Z")
    histogram = check_histogram(story, {}, start, start + timedelta(hours=hours))
    assert histogram["interval"] == interval
    assert len(histogram["buckets"]) <= 122


def test_without_a_range_the_last_seven_days(tenant: Tenant) -> None:
    tenant.record([event(), event(timestamp="2025-01-01T00:00:00Z")])
    histogram = tenant.get("/audit-logs/histogram")
    assert (histogram["interval"], histogram["total"]) == ("day", 1)
    start, end = (at(histogram["coverage"][name]) for name in ("start", "end"))
    assert end - start == timedelta(days=7)
    assert histogram["buckets"][-1]["count"] == 1


def test_empty_buckets_are_there_too(tenant: Tenant) -> None:
    tenant.record([event(timestamp="2025-01-02T12:00:00Z")])
    asked = {"start_date": "2025-01-01", "end_date": "2025-01-04", "interval": "day"}
    histogram = tenant.get("/audit-logs/histogram", asked)
    assert [each["count"] for each in histogram["buckets"]] == [0, 1, 0, 0]
    assert [each["split"] for each in histogram["buckets"]] == [{}, {}, {}, {}]


FACETS = ("action", "resource_type", "status", "source", "user_id", "resource_id", "ip_address")


@settings(max_examples=25, deadline=None)
@given(ends=st.tuples(moments, moments), wanted=filters, limit=st.sampled_from([1, 2, 10]))
def test_facets_are_exact_and_each_ignores_its_own_selection(
    story: Story, ends: tuple[datetime, datetime], wanted: Json, limit: int
) -> None:
    start, end = min(ends), max(ends)
    answer = story.tenant.get(
        "/audit-logs/facets",
        {
            **wanted,
            "start_date": start.isoformat(),
            "end_date": end.isoformat(),
            "field": list(FACETS),
            "limit": limit,
        },
    )
    assert [facet["field"] for facet in answer["facets"]] == list(FACETS)
    for facet in answer["facets"]:
        others = {name: value for name, value in wanted.items() if name != facet["field"]}
        found = story.within(start, end + MICROSECOND, **others)
        counted = Counter(each[facet["field"]] for each in found)
        assert facet["total"] == len(found)
        assert facet["distinct"] == len(counted.keys() - {None})
        shown = {value["value"]: value["count"] for value in facet["values"]}
        assert len(shown) == len(facet["values"]) == min(limit, len(counted))
        assert all(counted[value] == count for value, count in shown.items())
        assert sorted(shown.values(), reverse=True) == list(shown.values())
        assert list(shown.values()) == sorted(counted.values(), reverse=True)[:limit]


def test_a_facet_ignores_its_field_in_the_query_too(story: Story) -> None:
    asked = {"q": "action:LOGIN user:ann", "field": ["action", "user_id"]}
    action, user = story.tenant.get("/audit-logs/facets", asked)["facets"]
    assert action["distinct"] == len(ACTIONS)
    assert action["total"] == len(story.within(*ALWAYS, user_id="ann"))
    # `user:` is about the e-mail address as well, so it stays.
    assert user["total"] == len(story.within(*ALWAYS, user_id="ann", action="LOGIN"))


def test_the_facets_without_a_choice_and_of_nothing(reader: Tenant) -> None:
    facets = reader.get("/audit-logs/facets", {"end_date": "1999-12-31"})["facets"]
    assert [facet["field"] for facet in facets] == [
        "action", "resource_type", "status", "source", "user_id", "country",
    ]  # fmt: skip
    assert all(
        (facet["values"], facet["distinct"], facet["total"]) == ([], 0, 0) for facet in facets
    )


def test_two_colons_are_a_user_like_any_other(tenant: Tenant) -> None:
    tenant.record([event(user_id="::"), event(user_id="::"), event()])
    [facet] = tenant.get("/audit-logs/facets", {"field": "user_id"})["facets"]
    assert facet["values"] == [{"value": "::", "count": 2}, {"value": None, "count": 1}]
    assert (facet["distinct"], facet["total"]) == (1, 3)


def test_users_of_the_story_are_who_they_should_be(story: Story) -> None:
    [facet] = story.tenant.get("/audit-logs/facets", {"field": "user_id"})["facets"]
    # The facet of a field ignores the filter on it, so the reads of the tests' key are in it.
    named = {value["value"] for value in facet["values"]}
    assert {user for user in named if not str(user).startswith("api-key:")} == set(USERS)
