"""What a search may be asked for, and how it refuses what it does not understand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.tenant import Json, Tenant, event, ids

READS = [
    "/audit-logs/",
    "/users/alice/activity",
    "/audit-logs/facets",
    "/audit-logs/histogram",
    "/audit-logs/export",
]


def test_a_date_alone_as_end_is_that_whole_day(tenant: Tenant) -> None:
    moments = [
        "2025-01-30T23:59:59.999999Z",
        "2025-01-31T00:00:00Z",
        "2025-01-31T12:00:00Z",
        "2025-01-31T23:59:59.999999Z",
        "2025-02-01T00:00:00Z",
    ]
    events = [event(timestamp=moment) for moment in moments]
    tenant.record(events)
    page = tenant.search(start_date="2025-01-31", end_date="2025-01-31", order="asc")
    assert ids(page) == [each["id"] for each in events[1:4]]
    assert page["total"] == 3
    assert page["coverage"]["start"] == "2025-01-31T00:00:00Z"
    assert page["coverage"]["end"] == "2025-02-01T00:00:00Z"


def test_a_date_is_a_day_of_the_time_zone_asked_for(tenant: Tenant) -> None:
    # 31 March 2024 has 23 hours in Berlin: from 23:00 UTC of the 30th to 22:00 UTC.
    moments = [
        "2024-03-30T22:59:59Z",
        "2024-03-30T23:00:00Z",
        "2024-03-31T21:59:59.999999Z",
        "2024-03-31T22:00:00Z",
    ]
    events = [event(timestamp=moment) for moment in moments]
    tenant.record(events)
    page = tenant.search(
        start_date="2024-03-31", end_date="2024-03-31", time_zone="Europe/Berlin", order="asc"
    )
    assert ids(page) == [each["id"] for each in events[1:3]]


def test_a_time_as_end_is_included(tenant: Tenant) -> None:
    events = [
        event(timestamp="2025-01-31T12:00:00Z"),
        event(timestamp="2025-01-31T12:00:00.000001Z"),
    ]
    tenant.record(events)
    assert ids(tenant.search(end_date="2025-01-31T12:00:00Z")) == [events[0]["id"]]
    assert ids(tenant.search(end_date="2025-01-31T13:00:00+01:00")) == [events[0]["id"]]


def test_a_repeated_parameter_means_or_and_different_ones_and(tenant: Tenant) -> None:
    events = [
        event(action=action, user_id=user)
        for action in ("CREATE", "UPDATE", "DELETE")
        for user in ("ann", "bob", "eve")
    ]
    tenant.record(events)
    found = tenant.search(action=["create", "DELETE"], user_id=["ann", "eve"])
    assert {(each["action"], each["user_id"]) for each in found["items"]} == {
        ("CREATE", "ann"), ("CREATE", "eve"), ("DELETE", "ann"), ("DELETE", "eve"),
    }  # fmt: skip
    assert found["total"] == 4
    assert tenant.search(q=["action:CREATE user:ann", "action:DELETE user:bob"])["total"] == 2
    assert tenant.search(action="CREATE", q="user:bob")["total"] == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("action", "Delete"),
        ("resource_type", "endpoint"),
        ("resource_id", "endpoint/1"),
        ("resource_name", "PROD api"),
        ("user_id", "bob"),
        ("user_email", "BOB@ACME.io"),
        ("on_behalf_of", "eve"),
        ("status", "failed"),
        ("source", "cli"),
        ("ip_address", "203.0.113.9"),
        ("ip_address", "203.0.113.0/24"),
        ("user_agent", "firefox"),
        ("browser", "firefox"),
        ("os", "ubuntu"),
        ("details.reason", "No longer needed"),
        ("details.nested.list", "7"),
    ],
)
def test_each_filter_finds_its_event_and_no_other(tenant: Tenant, name: str, value: str) -> None:
    wanted = event(
        action="DELETE",
        resource_type="ENDPOINT",
        resource_id="endpoint/1",
        resource_name="Prod API",
        user_id="bob",
        user_email="bob@acme.io",
        on_behalf_of="eve",
        status="FAILED",
        source="CLI",
        ip_address="203.0.113.9",
        user_agent="Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        details={"reason": "No longer needed", "nested": {"list": [1, 7]}},
    )
    tenant.record([wanted, event(details={"reason": "no longer", "nested": {"list": ["7"]}})])
    assert ids(tenant.search(**{name: value})) == [wanted["id"]]


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize(
    ("parameters", "code", "field"),
    [
        ({"actoin": "LOGIN"}, "UNKNOWN_PARAMETER", "actoin"),
        ({"details": "x"}, "UNKNOWN_PARAMETER", "details"),
        ({"details.": "x"}, "UNKNOWN_PARAMETER", "details."),
        ({"q": "action:"}, "INVALID_QUERY", "q"),
        ({"ip_address": "300.1.1.1"}, "INVALID_VALUE", "ip_address"),
        ({"start_date": "yesterday"}, "INVALID_DATE", "start_date"),
        ({"end_date": "2025-02-30"}, "INVALID_DATE", "end_date"),
        ({"start_date": "2025-01-02", "end_date": "2025-01-01"}, "INVALID_RANGE", "start_date"),
        ({"time_zone": "Mars/Base"}, "INVALID_TIME_ZONE", "time_zone"),
        ({"time_zone": "../etc/passwd"}, "INVALID_TIME_ZONE", "time_zone"),
        ({"start_date": ["2025-01-01", "2025-01-02"]}, "REPEATED_PARAMETER", "start_date"),
        ({"time_zone": ["UTC", "UTC"]}, "REPEATED_PARAMETER", "time_zone"),
        ({"action": ["A"] * 201}, "QUERY_TOO_COMPLEX", None),
    ],
)
def test_what_is_not_understood_is_refused_by_every_read(
    reader: Tenant, path: str, parameters: Json, code: str, field: str | None
) -> None:
    problem = reader.refused(path, parameters)
    assert (problem["code"], problem.get("field")) == (code, field)


@pytest.mark.parametrize(
    ("path", "parameters", "code"),
    [
        ("/audit-logs/", {"limit": 0}, "INVALID_PARAMETER"),
        ("/audit-logs/", {"limit": 1001}, "INVALID_PARAMETER"),
        ("/audit-logs/", {"limit": "0000000010009"}, "INVALID_PARAMETER"),
        ("/audit-logs/", {"limit": "9" * 5000}, "INVALID_PARAMETER"),
        ("/audit-logs/", {"limit": "ten"}, "INVALID_PARAMETER"),
        ("/audit-logs/", {"limit": "1e2"}, "INVALID_PARAMETER"),
        ("/audit-logs/", {"limit": "-1"}, "INVALID_PARAMETER"),
        ("/audit-logs/", {"limit": ""}, "INVALID_PARAMETER"),
        ("/audit-logs/", {"limit": "١٢"}, "INVALID_PARAMETER"),
        ("/audit-logs/", {"limit": [1, 2]}, "REPEATED_PARAMETER"),
        ("/audit-logs/", {"offset": -1}, "INVALID_PARAMETER"),
        ("/audit-logs/", {"offset": [0, 0]}, "REPEATED_PARAMETER"),
        ("/audit-logs/", {"order": "newest"}, "INVALID_PARAMETER"),
        ("/audit-logs/", {"order": ["asc", "desc"]}, "REPEATED_PARAMETER"),
        ("/audit-logs/", {"cursor": ["a", "b"]}, "REPEATED_PARAMETER"),
        ("/audit-logs/", {"order": "committed", "offset": 1}, "INVALID_PARAMETER"),
        ("/audit-logs/facets", {"field": "details"}, "UNKNOWN_FACET"),
        ("/audit-logs/facets", {"limit": 1001}, "INVALID_PARAMETER"),
        ("/audit-logs/facets", {"offset": 1}, "UNKNOWN_PARAMETER"),
        ("/audit-logs/histogram", {"interval": "decade"}, "INVALID_PARAMETER"),
        ("/audit-logs/histogram", {"by": "user_id"}, "UNKNOWN_FIELD"),
        ("/audit-logs/histogram", {"by": ["action", "status"]}, "REPEATED_PARAMETER"),
        (
            "/audit-logs/histogram",
            {"interval": "minute", "start_date": "2025-01-01", "end_date": "2025-01-04"},
            "TOO_MANY_BUCKETS",
        ),
        ("/audit-logs/export", {"format": "xlsx"}, "INVALID_PARAMETER"),
        ("/audit-logs/export", {"format": ["csv", "json"]}, "REPEATED_PARAMETER"),
        ("/audit-logs/export", {"order": "committed"}, "INVALID_PARAMETER"),
        ("/audit-logs/export", {"bom": "yes"}, "INVALID_PARAMETER"),
        ("/audit-logs/export", {"limit": 10}, "UNKNOWN_PARAMETER"),
        ("/users/alice/activity", {"user_id": "bob"}, "INVALID_PARAMETER"),
    ],
)
def test_each_read_refuses_wrong_values_of_its_own_parameters(
    reader: Tenant, path: str, parameters: Json, code: str
) -> None:
    problem = reader.refused(path, parameters)
    assert problem["code"] == code
    assert problem["field"] in parameters


@pytest.mark.parametrize("offset", ["100001", "9" * 40, "000000000000100001"])
def test_a_deep_offset_is_refused_with_a_pointer_to_the_cursor(reader: Tenant, offset: str) -> None:
    problem = reader.refused("/audit-logs/", {"offset": offset})
    assert (problem["code"], problem["field"]) == ("OFFSET_TOO_LARGE", "offset")
    assert "next_cursor" in problem["hint"]


@pytest.mark.parametrize("parameters", [{"limit": 1000, "offset": 100_000}, {"limit": "0001"}])
def test_the_largest_and_the_padded_numbers_are_accepted(reader: Tenant, parameters: Json) -> None:
    assert reader.search(**parameters)["items"] == []


def test_offset_skips_exactly_and_the_total_stays(tenant: Tenant) -> None:
    events = [event(timestamp=f"2025-01-01T00:00:{second:02}Z") for second in range(30)]
    tenant.record(events)
    expected = [each["id"] for each in reversed(events)]
    for limit, offset in ((7, 0), (7, 7), (10, 25), (5, 30), (5, 99)):
        page = tenant.search(limit=limit, offset=offset)
        assert ids(page) == expected[offset : offset + limit]
        assert page["total"] == 30
        assert page["has_more"] is (offset + limit < 30)
        assert (page["next_cursor"] is not None) is page["has_more"]


def test_a_bad_query_tells_where_and_what_was_expected(reader: Tenant) -> None:
    problem = reader.refused("/audit-logs/", {"q": "action:LOGIN (user:bob"})
    assert problem["code"] == "INVALID_QUERY"
    assert problem["position"] == len("action:LOGIN (user:bob")
    assert problem["expected"]


@pytest.mark.parametrize("odd", ["a/b", "a%2Fb", "ü ñ", "a?b=c&d", "..", "%", "a+b", "a//b", "/"])
def test_users_and_events_are_found_by_any_id(tenant: Tenant, odd: str) -> None:
    sent: dict[str, Any] = event(id=odd, user_id=odd)
    tenant.record([sent, event(user_id=f"{odd}x")])
    quoted = "".join(f"%{byte:02X}" for byte in odd.encode())
    assert ids(tenant.get(f"/users/{quoted}/activity")) == [odd]
    assert tenant.get(f"/audit-logs/{quoted}")["id"] == odd
    assert tenant.get(f"/audit-logs/{quoted}/context")["event"]["id"] == odd
    assert ids(tenant.search(user_id=odd)) == [odd]


def test_the_activity_of_a_user_takes_the_other_filters(tenant: Tenant) -> None:
    events = [event(user_id="ann", action=action) for action in ("LOGIN", "CREATE", "CREATE")]
    tenant.record([*events, event(user_id="bob", action="CREATE")])
    page = tenant.get("/users/ann/activity", {"action": "CREATE", "limit": 1})
    assert (page["total"], len(page["items"])) == (2, 1)
    rest = tenant.get("/users/ann/activity", {"action": "CREATE", "cursor": page["next_cursor"]})
    assert {*ids(page), *ids(rest)} == {each["id"] for each in events[1:]}
