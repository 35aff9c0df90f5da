"""`GET /live` on a real server: what comes, in which order, and to whom."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import msgspec
import pytest

from tests.api.tenant import Tenant, ids, opened
from tests.export.live.reading import numbered, reading
from tests.live import LiveServer
from tests.orgs import new_key
from trailkeeper.client import Client
from trailkeeper.export.live_connection import MAX_WAITING_BYTES
from trailkeeper.export.live_hub import MAX_OF_ONE
from trailkeeper.principal import Permission

ONLY_SENT = "resource_type:PROJECT"


def test_events_come_as_they_are_committed_and_in_order(
    live_server: LiveServer, tenant: Tenant
) -> None:
    tenant.record(numbered(range(3)))
    with reading(live_server, tenant.token, q=ONLY_SENT) as reader:
        for start in range(0, 200, 40):
            tenant.record(numbered(range(start, start + 40)))
        assert reader.numbers(200) == list(range(200))
        headers = reader.response.headers
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["x-accel-buffering"] == "no"
    assert "no-store" in headers["cache-control"]
    assert "content-length" not in headers


def test_a_frame_is_the_event_of_the_api(live_server: LiveServer, tenant: Tenant) -> None:
    with reading(live_server, tenant.token, q=ONLY_SENT) as reader:
        [receipt] = tenant.record(numbered(range(1), resource_name='Line\nbreak "ü" \u2028'))
        shown = msgspec.json.decode(reader.next("event").data)
    assert shown == tenant.get(f"/audit-logs/{receipt['id']}")


def test_filters_and_q_are_those_of_the_search(live_server: LiveServer, tenant: Tenant) -> None:
    with (
        reading(live_server, tenant.token, action="DELETE", q="details.n:>=5") as by_both,
        reading(live_server, tenant.token, action=["DELETE", "CREATE"]) as by_either,
        reading(live_server, tenant.token, action="DELETE", end_date="2020-01-01") as of_the_past,
    ):
        for action in ("DELETE", "CREATE", "UPDATE"):
            tenant.record(numbered(range(4, 7), action=action))
        assert by_both.numbers(2) == [5, 6]
        assert by_either.numbers(6) == [4, 5, 6, 4, 5, 6]
        tenant.record(numbered(range(9, 10), action="DELETE", timestamp="2019-06-01T00:00:00Z"))
        assert of_the_past.numbers(1) == [9]


def test_another_organization_sees_nothing_of_it(
    live_server: LiveServer, tenant: Tenant, stranger: Tenant
) -> None:
    with (
        reading(live_server, tenant.token, q=ONLY_SENT) as own,
        reading(live_server, stranger.token, q=ONLY_SENT) as others,
    ):
        tenant.record(numbered(range(20)))
        assert own.numbers(20) == list(range(20))
        stranger.record(numbered(range(100, 101)))
        assert others.numbers(1) == [100]
        assert others.is_quiet(0.5)


def test_it_goes_on_after_an_id_without_gap_or_repeat(
    live_server: LiveServer, tenant: Tenant
) -> None:
    with reading(live_server, tenant.token, q=ONLY_SENT) as reader:
        tenant.record(numbered(range(10)))
        assert reader.numbers(4) == [0, 1, 2, 3]
        cursor = reader.cursor
    tenant.record(numbered(range(10, 1300)))
    with reading(live_server, tenant.token, cursor=cursor, q=ONLY_SENT) as reader:
        assert reader.numbers(1000) == list(range(4, 1004))
        tenant.record(numbered(range(1300, 1310)))
        assert reader.numbers(306) == list(range(1004, 1310))
        assert reader.is_quiet(0.3)


def test_a_search_s_cursor_is_a_place_and_a_place_is_a_search_s_cursor(
    live_server: LiveServer, tenant: Tenant
) -> None:
    tenant.record(numbered(range(5)))
    page = tenant.search(order="committed", limit=2, q=ONLY_SENT)
    with httpx2.Client(base_url=live_server.url) as client:
        url = f"/live?q={ONLY_SENT}&cursor={page['next_cursor']}"
        headers = {"Authorization": f"Bearer {tenant.token}"}
        with client.stream("GET", url, headers=headers) as response:
            text = ""
            for chunk in response.iter_text():
                text += chunk
                if text.count("event: event") == 3:
                    break
    assert [f'"details":{{"n":{n}}}' in text for n in range(5)] == [False, False, True, True, True]
    with reading(live_server, tenant.token, q=ONLY_SENT) as reader:
        tenant.record(numbered(range(5, 8)))
        reader.numbers(1)
        cursor = reader.cursor
    later = tenant.search(order="committed", q=ONLY_SENT, cursor=cursor)
    assert [each["details"]["n"] for each in later["items"]] == [6, 7]


def test_a_quiet_filter_moves_its_place(live_server: LiveServer, tenant: Tenant) -> None:
    """What was passed over once is not read again: a heartbeat, and a place 15 s later."""
    with reading(live_server, tenant.token, q="action:NEVER") as reader:
        first = reader.cursor
        tenant.record(numbered(range(3)))
        moved = reader.next("position", seconds=25)
        assert moved.cursor != first
    page = tenant.search(order="committed", q="action:NEVER", cursor=moved.cursor)
    assert page["items"] == []


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"cursor": "junk"}, "INVALID_CURSOR"),
        ({"limit": "5"}, "UNKNOWN_PARAMETER"),
        ({"q": "action:"}, "INVALID_QUERY"),
    ],
)
def test_what_cannot_be_followed_is_a_problem_before_the_stream(
    reader: Tenant, parameters: dict[str, str], code: str
) -> None:
    assert reader.refused("/live", parameters)["code"] == code


def test_a_last_event_id_may_hold_anything(reader: Tenant) -> None:
    for text in (b"junk", b"\xff\xfe", b"A" * 4000, b"===="):
        answer = reader.client.get("/live", headers={b"Last-Event-ID": text})
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_CURSOR")


def test_a_cursor_of_another_question_is_refused(
    live_server: LiveServer, tenant: Tenant, stranger: Tenant
) -> None:
    with reading(live_server, tenant.token, action="DELETE") as reader:
        cursor = reader.cursor
    assert tenant.refused("/live", {"cursor": cursor})["code"] == "CURSOR_MISMATCH"
    refused = stranger.refused("/live", {"cursor": cursor, "action": "DELETE"})
    assert refused["code"] == "CURSOR_MISMATCH"


def test_it_needs_the_permission_to_read(live_server: LiveServer, tenant: Tenant) -> None:
    key = new_key(live_server, tenant.organization, {Permission.EVENT_WRITE})
    with live_server.client(key) as client:
        assert client.get("/live").json()["code"] == "PERMISSION_MISSING"
    assert httpx2.get(f"{live_server.url}/live").json()["code"] == "MISSING_KEY"


def test_one_key_may_have_so_many_connections(live_server: LiveServer, tenant: Tenant) -> None:
    opened_streams = [reading(live_server, tenant.token) for _ in range(MAX_OF_ONE)]
    try:
        for each in opened_streams:
            each.__enter__()
        answer = tenant.client.get("/live")
        assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY_LIVE_CONNECTIONS")
        assert int(answer.headers["retry-after"]) > 0
        other = new_key(live_server, tenant.organization)
        with reading(live_server, other):
            pass
    finally:
        for each in opened_streams:
            each.__exit__(None, None, None)
    # Those who left make room.
    deadline = time.monotonic() + 10
    while True:
        try:
            with reading(live_server, tenant.token):
                break
        except AssertionError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_slow_reader_is_told_what_it_missed_and_holds_up_nobody(live_server: LiveServer) -> None:
    """It reads nothing while far more is committed than is kept for it."""
    large = "x" * 60_000
    with opened(live_server) as tenant, socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(60)
        slow.connect(("127.0.0.1", live_server.port))
        query = f"GET /live?q={ONLY_SENT} HTTP/1.0\r\nAuthorization: Bearer {tenant.token}\r\n\r\n"
        slow.sendall(query.encode())
        text = slow.recv(2048)
        assert b"200 OK" in text
        with reading(live_server, tenant.token, action="SMALL") as quick:
            for start in range(0, 400, 50):
                events = numbered(range(start, start + 50))
                for each in events:
                    each["details"]["text"] = large
                small = numbered(range(start, start + 1), action="SMALL", resource_type="NOTE")
                tenant.record([*events, *small])
                assert quick.numbers(1) == [start]
        assert 400 * len(large) > 4 * MAX_WAITING_BYTES
        while b"event: missed" not in text or not text.endswith(b"\n\n"):
            text += slow.recv(1 << 20)
        tenant.record(numbered(range(400, 402)))
        while b'"n":401' not in text:
            text += slow.recv(1 << 20)
        before, _, after = text.partition(b"event: missed")
        missed = msgspec.json.decode(after.split(b"data: ")[1].split(b"\n")[0])
        shown = before.count(b"event: event")
        assert shown + missed["count"] + after.count(b"event: event") == 402
        page = tenant.client.get(f"{missed['url']}&limit=1000").raise_for_status().json()
        found = [each["details"]["n"] for each in page["items"]][: missed["count"]]
        assert found == list(range(shown, shown + missed["count"]))
        assert missed["count"] > 50


def test_the_client_follows(live_server: LiveServer, tenant: Tenant) -> None:
    def write() -> None:
        time.sleep(0.5)
        tenant.record(numbered(range(3)))

    with Client(live_server.url, tenant.token) as client, ThreadPoolExecutor(1) as thread:
        frames = client.live(resource_type="PROJECT")
        assert next(frames).kind == "position"
        thread.submit(write)
        came = [next(frames).event for _ in range(3)]
        frames.close()  # type: ignore[attr-defined]
    assert [each and each.details["n"] for each in came] == [0, 1, 2]
    assert {each.id for each in came if each} == set(ids(tenant.search(resource_type="PROJECT")))
