"""Every answer says what it covers: the times asked for, and how far the log was committed."""

from __future__ import annotations

import pytest

from tests.api.tenant import Json, Tenant, at, event

READS = [
    "/audit-logs/",
    "/audit-logs/?order=committed",
    "/audit-logs/?order=committed&cursor=latest",
    "/users/ann/activity",
    "/audit-logs/facets",
    "/audit-logs/histogram",
]


@pytest.mark.parametrize("path", READS)
def test_what_was_committed_before_is_covered(tenant: Tenant, path: str) -> None:
    before = ""
    for _ in range(3):
        [receipt] = tenant.record([event(user_id="ann")])
        answer = tenant.client.get(path)
        assert answer.status_code == 200
        coverage: Json = answer.json()["coverage"]
        assert at(coverage["committed_upto"]) >= at(receipt["received_at"])
        assert coverage["committed_upto"] > before
        before = coverage["committed_upto"]


@pytest.mark.parametrize("path", ["/audit-logs/", "/audit-logs/facets", "/users/ann/activity"])
def test_the_range_is_told_with_open_ends(reader: Tenant, path: str) -> None:
    for asked, start, end in [
        ({}, None, None),
        ({"start_date": "2025-01-01"}, "2025-01-01T00:00:00Z", None),
        ({"end_date": "2025-01-01"}, None, "2025-01-02T00:00:00Z"),
        (
            {"end_date": "2025-07-01", "time_zone": "America/New_York"},
            None,
            "2025-07-02T04:00:00Z",
        ),
    ]:
        coverage = reader.get(path, asked)["coverage"]
        assert (coverage["start"], coverage["end"]) == (start, end)


def test_an_answer_holds_what_its_coverage_promises(tenant: Tenant) -> None:
    """Each event received up to `committed_upto` is in the answer."""
    receipts = tenant.record([event() for _ in range(20)])
    page = tenant.search(limit=1000)
    upto = at(page["coverage"]["committed_upto"])
    assert page["total"] >= sum(at(each["received_at"]) <= upto for each in receipts) == 20
