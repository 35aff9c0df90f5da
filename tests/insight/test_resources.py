"""The list of resources over HTTP: its pages, its search, its cursors."""

from __future__ import annotations

from datetime import timedelta

from tests.insight.house import HOUR, House, did


async def test_resources_come_in_pages_and_are_found_by_name(house: House) -> None:
    events = [
        did("UPDATE", "ann", resource_id=f"p{number}", resource_name=f"Project {number}")
        for number in range(5)
        for _ in range(number + 1)
    ]
    deleted = did("DELETE", "ann", timedelta(minutes=1), resource_id="p0")
    await house.record(*events, deleted, did("CREATE", "bob", kind="MODEL", resource_id="m"))
    first = await house.get("/insight/resources", limit=2, resource_type="project")
    assert [each["resource_id"] for each in first["items"]] == ["p4", "p3"]
    # A later page is of the first one's period, though time has gone on.
    house.service.clock.advance(HOUR)
    second = await house.get(
        "/insight/resources", limit=2, resource_type="project", cursor=first["next_cursor"]
    )
    third = await house.get(
        "/insight/resources", limit=2, resource_type="project", cursor=second["next_cursor"]
    )
    assert [each["resource_id"] for each in second["items"]] == ["p2", "p0"]
    assert [each["is_deleted"] for each in second["items"]] == [False, True]
    assert [each["resource_id"] for each in third["items"]] == ["p1"]
    assert third["next_cursor"] is None
    assert second["coverage"]["end"] == first["coverage"]["end"]
    found = await house.get("/insight/resources", search="PROJECT 3")
    assert [each["resource_id"] for each in found["items"]] == ["p3"]
    assert found["items"][0]["users"] == 1


async def test_a_cursor_of_another_order_or_period_is_refused(house: House) -> None:
    await house.record(*(did("UPDATE", "ann", resource_id=each) for each in "abc"))
    page = await house.get("/insight/resources", limit=1)
    cursor = page["next_cursor"]
    again = {"limit": 1, "cursor": cursor}
    assert await house.refused("/insight/resources", **again, sort="events") == (
        400,
        "INVALID_CURSOR",
    )
    dates = {"start_date": "2026-01-01", "end_date": "2026-03-04"}
    assert await house.refused("/insight/resources", **again, **dates) == (400, "CURSOR_MISMATCH")
