"""The client against a real server: what it records, it finds."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import msgspec
import pytest

from tests.client.unique import unique
from tests.live import LiveServer
from trailkeeper.client import LATEST, Client, ClientError, Event, ExportFormat, RetryPolicy
from trailkeeper.event import NewEvent


@pytest.fixture
def client(live_server: LiveServer) -> Iterator[Client]:
    with Client(live_server.url, live_server.api_key) as client:
        yield client


def several(user_id: str, count: int) -> list[dict[str, object]]:
    """Events a second apart, oldest first."""
    start = datetime.now(UTC) - timedelta(hours=1)
    return [
        {
            "action": "UPDATE" if n % 2 else "CREATE",
            "resource_type": "MODEL",
            "resource_id": f"m-{n}",
            "user_id": user_id,
            "timestamp": start + timedelta(seconds=n),
            "details": {"n": n},
        }
        for n in range(count)
    ]


def numbers(events: list[Event]) -> list[int]:
    return [event.details["n"] for event in events]


def test_what_is_recorded_is_found_as_it_was(client: Client) -> None:
    when = datetime(2026, 1, 15, 14, 30, tzinfo=UTC)
    user = unique("user")
    receipt = client.record(
        "delete",
        "ENDPOINT",
        user_id=user,
        resource_id="endpoint-xyz-789",
        timestamp=when,
        ip_address="203.0.113.42",
        details={"reason": "No longer needed", "count": 5, "large": 2**53},
    )
    assert receipt.status == "committed"
    event = client.get(receipt.id)
    assert (event.action, event.resource_type, event.user_id) == ("DELETE", "ENDPOINT", user)
    assert event.timestamp == when
    assert event.ip_address == "203.0.113.42"
    assert event.details == {"reason": "No longer needed", "count": 5, "large": 2**53}
    assert (event.node, event.node_seq) == (receipt.node, receipt.node_seq)


def test_the_same_id_again_is_a_duplicate_with_the_first_receipt(client: Client) -> None:
    user, event_id = unique("user"), unique("event")
    first = client.record("LOGIN", "USER", id=event_id, user_id=user)
    second = client.record("LOGIN", "USER", id=event_id, user_id=user)
    assert not first.is_duplicate
    assert second.is_duplicate
    assert (second.received_at, second.node_seq) == (first.received_at, first.node_seq)
    assert client.search(user_id=user).total == 1


def test_one_bad_event_does_not_sink_its_batch(client: Client) -> None:
    user = unique("user")
    good = NewEvent(action="LOGIN", resource_type="USER", user_id=user)
    result = client.record_batch([good, {"action": "LOGIN"}, {**several(user, 1)[0]}])
    assert (result.committed, result.rejected) == (2, 1)
    [reject] = result.rejects
    assert (reject.index, reject.code, reject.field) == (1, "MISSING_FIELD", "resource_type")
    assert client.search(user_id=user).total == 2


@pytest.mark.parametrize("order", ["desc", "asc", "committed"])
def test_all_pages_hold_every_event_once_and_in_order(client: Client, order: str) -> None:
    user = unique("user")
    client.record_batch(several(user, 25))
    found = numbers(list(client.events(user_id=user, order=order, page_size=10)))
    assert found == (list(range(25)) if order != "desc" else list(range(24, -1, -1)))


def test_filters_and_query_narrow_the_answer(client: Client) -> None:
    user = unique("user")
    client.record_batch(several(user, 10))
    assert client.search(f"user:{user} action:CREATE").total == 5
    assert client.search(user_id=user, action=["CREATE", "UPDATE"]).total == 10
    assert numbers(client.search(user_id=user, details={"n": 7}).items) == [7]
    assert client.search(user_id=user, limit=3).has_more
    assert client.search(user_id=user, end_date="2000-01-01").total == 0
    assert client.user_activity(user, limit=4).total == 10
    assert client.search(user_id=user).coverage.committed_upto is not None


def test_follow_gives_what_is_committed_from_then_on_also_when_it_is_late(
    client: Client, live_server: LiveServer
) -> None:
    user = unique("user")
    client.record_batch(several(user, 3))
    place = client.search(order="committed", cursor=LATEST, user_id=user).next_cursor
    late = several(user, 5)[3:]
    waits: list[float] = []

    def record_while_waiting(seconds: float) -> None:
        waits.append(seconds)
        if late:
            client.record_batch([late.pop()])

    policy = RetryPolicy(sleep=record_while_waiting)
    with Client(live_server.url, live_server.api_key, retry=policy) as follower:
        found = list(islice(follower.follow(cursor=place, user_id=user, poll_seconds=0.5), 2))
    assert numbers(found) == [4, 3]
    assert set(waits) == {0.5}


def test_context_facets_and_histogram(client: Client) -> None:
    user = unique("user")
    client.record_batch(several(user, 6))
    third = client.search(user_id=user, details={"n": 2}).items[0]
    context = client.context(third.id, limit=2)
    assert numbers(context.user.before) == [1, 0]
    assert numbers(context.user.after) == [3, 4]
    [facet] = client.facets(user_id=user, fields=["action"]).facets
    assert {value.value: value.count for value in facet.values} == {"CREATE": 3, "UPDATE": 3}
    histogram = client.histogram(user_id=user, interval="hour", by="action")
    assert histogram.total == 6
    assert sum(bucket.split.get("CREATE", 0) for bucket in histogram.buckets) == 3


@pytest.mark.parametrize("format", ExportFormat)
def test_an_export_is_counted_against_the_server_s_word(
    client: Client, format: ExportFormat
) -> None:
    user = unique("user")
    odd = {**several(user, 1)[0], "resource_name": '=x "y",\n# export: {}', "user_agent": "\n{"}
    client.record_batch([*several(user, 7), odd])
    out = io.BytesIO()
    result = client.export(format, out, user_id=user)
    assert result.rows == 8
    assert result.size_bytes == len(out.getvalue())
    assert result.trailer.filter["user_id"] == [user]


def test_an_export_of_nothing_is_whole(client: Client) -> None:
    for format in ExportFormat:
        assert client.export(format, io.BytesIO(), user_id=unique("nobody")).rows == 0


def test_a_key_lives_from_creation_to_revocation(client: Client, live_server: LiveServer) -> None:
    expires = datetime.now(UTC) + timedelta(days=1)
    issued = client.create_key(unique("key"), ["event:write"], expires_at=expires)
    with Client(live_server.url, issued["key"]) as other:
        other.record("LOGIN", "USER", user_id=unique("user"))
        with pytest.raises(ClientError) as forbidden:
            other.search()
        assert forbidden.value.status == 403
        client.revoke_key(issued["id"])
        with pytest.raises(ClientError) as refused:
            other.record("LOGIN", "USER")
        assert (refused.value.status, refused.value.code) == (401, "REVOKED_KEY")
    listed = {key["id"]: key for key in client.list_keys()["items"]}
    assert listed[issued["id"]]["revoked_at"] is not None
    assert "key" not in listed[issued["id"]]


def test_retention_and_organization(client: Client) -> None:
    client.record("LOGIN", "USER")
    assert client.retention()["events"] > 0
    assert client.run_retention(dry_run=True)["dry_run"] is True
    assert client.organization()["retention_days"] >= 1


def test_what_does_not_exist_is_a_404_with_its_code(client: Client) -> None:
    with pytest.raises(ClientError) as raised:
        client.get(unique("none"))
    assert (raised.value.status, raised.value.code) == (404, "EVENT_NOT_FOUND")
    assert raised.value.hint is not None


def test_a_bad_query_tells_the_position_and_what_was_expected(client: Client) -> None:
    with pytest.raises(ClientError) as raised:
        client.search("action:")
    assert raised.value.status == 400
    assert raised.value.problem.position is not None
    assert raised.value.problem.expected


def test_the_server_tells_that_it_is_ready_and_its_time(live_server: LiveServer) -> None:
    with Client(live_server.url) as client:
        readiness = client.readiness()
    assert readiness.is_ready
    assert readiness.document["status"] == "ready"
    assert readiness.server_time is not None
    assert abs(readiness.server_time - datetime.now(UTC)) < timedelta(minutes=1)


def test_events_encode_back_to_what_the_api_takes(client: Client) -> None:
    user = unique("user")
    receipt = client.record("LOGIN", "USER", user_id=user, details={"a": [1, {"b": None}]})
    again = msgspec.json.decode(msgspec.json.encode(client.get(receipt.id)))
    assert again["details"] == {"a": [1, {"b": None}]}
    assert again["user_id"] == user
