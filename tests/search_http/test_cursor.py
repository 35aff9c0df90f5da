"""Cursors: opaque, signed, and good for one question of one organization."""

from __future__ import annotations

import base64
import string
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.api.tenant import SENT, Json, Tenant, event, ids, opened
from tests.live import LiveServer


def cursors(tenant: Tenant) -> dict[str, str]:
    """A cursor of each order, of a search that all of them could continue."""
    tenant.record([event(user_id="ann") for _ in range(5)])
    found = {
        order: tenant.search(user_id="ann", order=order, limit=2)["next_cursor"]
        for order in ("desc", "asc", "committed")
    }
    assert all(found.values())
    return found


def test_a_cursor_goes_on_whatever_the_page_size_is(tenant: Tenant) -> None:
    for order, cursor in cursors(tenant).items():
        rest = tenant.search(user_id="ann", order=order, limit=1000, cursor=cursor)
        assert len(rest["items"]) == 3
        assert rest["has_more"] is False
        assert (rest["next_cursor"] is None) is (order != "committed")
        assert rest["total"] == (None if order == "committed" else 5)


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": "bob"},
        {"action": "LOGIN"},
        {"q": "user:ann"},
        {"start_date": "2025-01-01"},
        {"end_date": "2299-01-01"},
        {"user_id": ["ann", "bob"]},
    ],
)
def test_a_cursor_of_another_search_is_refused(tenant: Tenant, change: Json) -> None:
    for order, cursor in cursors(tenant).items():
        asked = {"user_id": "ann", "order": order, "cursor": cursor, **change}
        problem = tenant.refused("/audit-logs/", asked)
        assert (problem["code"], problem["field"]) == ("CURSOR_MISMATCH", "cursor")
        assert problem["hint"]


def test_a_cursor_of_another_order_is_refused(tenant: Tenant) -> None:
    made = cursors(tenant)
    for order, cursor in made.items():
        for other in made.keys() - {order}:
            asked = {"user_id": "ann", "order": other, "cursor": cursor}
            assert tenant.refused("/audit-logs/", asked)["code"] == "CURSOR_MISMATCH"


def test_a_cursor_of_another_organization_is_refused(tenant: Tenant, stranger: Tenant) -> None:
    for order, cursor in cursors(tenant).items():
        asked = {"user_id": "ann", "order": order, "cursor": cursor}
        assert stranger.refused("/audit-logs/", asked)["code"] == "CURSOR_MISMATCH"


def test_the_same_search_by_path_and_by_parameter_share_a_cursor(tenant: Tenant) -> None:
    cursor = cursors(tenant)["desc"]
    asked = {"cursor": cursor, "q": SENT}
    assert len(tenant.get("/users/ann/activity", asked)["items"]) == 3


@pytest.mark.parametrize(
    "junk", ["", "x", "AAAA", "é", "a b", "=", "latest", "A" * 5000, "-_-_", "null", "%00"]
)
def test_junk_is_no_cursor(reader: Tenant, junk: str) -> None:
    for order in ("desc", "asc"):
        problem = reader.refused("/audit-logs/", {"cursor": junk, "order": order})
        assert (problem["code"], problem["field"]) == ("INVALID_CURSOR", "cursor")


@pytest.fixture(scope="module")
def signed(live_server: LiveServer) -> Iterator[tuple[Tenant, dict[str, str]]]:
    with opened(live_server) as made:
        yield made, cursors(made)


LETTERS = f"{string.ascii_letters}{string.digits}-_+/=!. "


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_cursor_with_any_character_changed_is_refused(
    signed: tuple[Tenant, dict[str, str]], data: st.DataObject
) -> None:
    tenant, made = signed
    order, cursor = data.draw(st.sampled_from(sorted(made.items())))
    place = data.draw(st.integers(0, len(cursor) - 1))
    inserted = data.draw(st.sampled_from(["", *LETTERS]))
    changed = cursor[:place] + inserted + cursor[place + data.draw(st.integers(0, 1)) :]
    assume(changed != cursor)
    asked = {"user_id": "ann", "order": order, "cursor": changed}
    assert tenant.refused("/audit-logs/", asked)["code"] == "INVALID_CURSOR"


def test_a_cursor_signed_by_nobody_is_refused(tenant: Tenant) -> None:
    cursor = cursors(tenant)["desc"]
    packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    forged = base64.urlsafe_b64encode(bytes(16) + packed[16:]).decode().rstrip("=")
    problem = tenant.refused("/audit-logs/", {"user_id": "ann", "cursor": forged})
    assert problem["code"] == "INVALID_CURSOR"


@pytest.mark.parametrize("order", ["desc", "committed"])
def test_a_cursor_knows_its_search_in_whatever_order_it_is_asked(
    tenant: Tenant, order: str
) -> None:
    tenant.record([event(user_id="ann", action=each) for each in ("CREATE", "UPDATE") * 3])
    asked = [
        ("user_id", "ann"), ("action", "CREATE"), ("action", "UPDATE"), ("status", "SUCCESS"),
        ("q", "USER"), ("resource_type", "USER"), ("end_date", "2299-01-01"), ("order", order),
    ]  # fmt: skip
    seen: set[str] = set()
    cursor: list[tuple[str, str]] = []
    for turn in range(6):
        page = tenant.get("/audit-logs/", [*cursor, *asked[turn:], *asked[:turn], ("limit", 1)])
        seen.update(ids(page))
        cursor = [("cursor", page["next_cursor"])]
    assert len(seen) == 6
