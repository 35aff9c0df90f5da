"""What the same user, address and resource did just before and after an event."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.api.tenant import Json, Tenant, at, event

BEGIN = at("2025-04-01T12:00:00Z")
SIDES = ("user", "ip_address", "resource")


def crowd(count: int) -> list[Json]:
    """Events of two days with many at the same instant; some name nobody and nothing."""
    rng = random.Random(3)
    return [
        event(
            timestamp=(BEGIN + timedelta(hours=rng.randrange(-24, 24))).isoformat(),
            user_id=rng.choice(("ann", "bob", None)),
            ip_address=rng.choice(("203.0.113.7", "2001:db8::7", None)),
            resource_type=rng.choice(("USER", "PROJECT")),
            resource_id=rng.choice(("r1", "r2", None)),
        )
        for _ in range(count)
    ]


def place(each: Json) -> tuple[object, str]:
    return at(each["timestamp"]), each["id"]


def neighbours(events: list[Json], here: Json, side: str, limit: int) -> dict[str, list[str]]:
    """By hand: those with the same value, nearest first on each side."""
    names = ("resource_type", "resource_id") if side == "resource" else (
        "user_id" if side == "user" else "ip_address",
    )  # fmt: skip
    if any(here[name] is None for name in names):
        return {"before": [], "after": []}
    same = [each for each in events if all(each[name] == here[name] for name in names)]
    if side == "ip_address":
        nearby = timedelta(hours=24)
        same = [
            each for each in same if abs(at(each["timestamp"]) - at(here["timestamp"])) <= nearby
        ]
    before = sorted((each for each in same if place(each) < place(here)), key=place, reverse=True)
    after = sorted((each for each in same if place(each) > place(here)), key=place)
    return {
        "before": [each["id"] for each in before[:limit]],
        "after": [each["id"] for each in after[:limit]],
    }


@pytest.mark.parametrize("limit", [1, 5, 50])
def test_context_is_the_nearest_of_each_kind(tenant: Tenant, limit: int) -> None:
    events = crowd(150)
    tenant.record(events)
    for here in events[:25]:
        context = tenant.get(f"/audit-logs/{here['id']}/context", {"limit": limit})
        assert context["event"]["id"] == here["id"]
        for side in SIDES:
            found = {name: [each["id"] for each in context[side][name]] for name in context[side]}
            assert found == neighbours(events, here, side, limit), side


def test_context_says_what_it_covers_and_has_five_on_each_side(tenant: Tenant) -> None:
    events = [event(user_id="ann", timestamp=f"2025-04-01T00:{at:02}:00Z") for at in range(20)]
    tenant.record(events)
    context = tenant.get(f"/audit-logs/{events[10]['id']}/context")
    assert [each["id"] for each in context["user"]["after"]] == [
        each["id"] for each in events[11:16]
    ]
    assert len(context["user"]["before"]) == 5
    assert context["ip_address"] == context["resource"] == {"before": [], "after": []}
    assert context["coverage"]["committed_upto"] >= context["event"]["received_at"]


@pytest.mark.parametrize("limit", ["0", "51", "x"])
def test_a_wrong_limit_is_refused(tenant: Tenant, limit: str) -> None:
    [recorded] = tenant.record([event()])
    problem = tenant.refused(f"/audit-logs/{recorded['id']}/context", {"limit": limit})
    assert (problem["code"], problem["field"]) == ("INVALID_PARAMETER", "limit")


def test_what_does_not_exist_has_no_context(reader: Tenant) -> None:
    for path in ("/audit-logs/nowhere", "/audit-logs/nowhere/context"):
        assert reader.refused(path, status=404)["code"] == "EVENT_NOT_FOUND"
