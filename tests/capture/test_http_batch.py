"""`POST /audit-logs/batch` of a live server."""

from __future__ import annotations

import gzip
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from backports import zstd

from tests.capture.conftest import JSON, NDJSON, Sender, problem
from tests.live import LiveServer
from trailkeeper.event import MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_EVENT_BYTES

Write = Callable[[list[Any]], bytes]

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "zstd": zstd.compress,
}


def an_event(**fields: Any) -> dict[str, Any]:
    return {"action": "LOGIN", "resource_type": "USER", **fields}


def as_array(events: list[Any]) -> bytes:
    return msgspec.json.encode(events)


def as_lines(events: list[Any]) -> bytes:
    return b"\n".join(msgspec.json.encode(event) for event in events) + b"\n"


MIXED = [
    an_event(id="a"),
    an_event(id="b", action="LOG IN"),
    17,
    an_event(id="a"),
    an_event(actor="ada"),
    {"action": "LOGIN"},
    an_event(id="c", details={"deep": "x" * 70_000}),
    an_event(id="d", details={"large": "x" * MAX_EVENT_BYTES}),
    an_event(id="e"),
]
JUDGED = [
    ("committed", None, None),
    ("rejected", "INVALID_ACTION", "action"),
    ("rejected", "WRONG_TYPE", None),
    ("duplicate", None, None),
    ("rejected", "UNKNOWN_FIELD", "actor"),
    ("rejected", "MISSING_FIELD", "resource_type"),
    ("rejected", "DETAILS_TOO_LARGE", "details"),
    ("rejected", "EVENT_TOO_LARGE", None),
    ("committed", None, None),
]


@pytest.mark.parametrize("encoding", ["", "gzip", "zstd"])
@pytest.mark.parametrize(
    ("content_type", "write"),
    [
        (JSON, as_array),
        ("application/json; charset=utf-8", as_array),
        (NDJSON, as_lines),
        ("application/jsonl", as_lines),
        (JSON, as_lines),
    ],
)
def test_each_event_is_judged_alone_and_answered_in_order(
    sender: Sender, content_type: str, write: Write, encoding: str
) -> None:
    headers = {"Content_Type": content_type, **({"Content_Encoding": encoding} if encoding else {})}

    answer = sender.batch(PACKERS[encoding](write(MIXED)), **headers)

    assert answer.status_code == 200
    document = answer.json()
    assert [document[name] for name in ("committed", "duplicate", "rejected")] == [2, 1, 6]
    results = document["results"]
    assert [result["index"] for result in results] == list(range(len(MIXED)))
    assert [
        (result["status"], result.get("code"), result.get("field")) for result in results
    ] == JUDGED
    for result in results:
        assert ("reason" in result) == (result["status"] == "rejected") == ("id" not in result)
    receipt = ("id", "received_at", "node", "node_seq")
    assert {name: results[3][name] for name in receipt} == {
        name: results[0][name] for name in receipt
    }
    assert [event["id"] for event in sender.stored()] == ["a", "e"]


def test_a_line_that_is_not_json_refuses_only_itself(sender: Sender) -> None:
    body = as_lines([an_event(id="a")]) + b"{oops\n\xff\n\n" + as_lines([an_event(id="b")])
    results = sender.batch(body, Content_Type=NDJSON).json()["results"]

    assert [result["status"] for result in results] == [
        "committed",
        "rejected",
        "rejected",
        "committed",
    ]
    assert [result.get("code") for result in results[1:3]] == ["MALFORMED_JSON"] * 2


def test_ids_are_given_to_events_without_one(sender: Sender) -> None:
    results = sender.batch(as_array([an_event() for _ in range(300)])).json()["results"]
    ids = [result["id"] for result in results]

    assert {uuid.UUID(each).version for each in ids} == {7}
    assert len(set(ids)) == 300
    assert [event["id"] for event in sender.stored()] == ids
    assert [each["node_seq"] - results[0]["node_seq"] for each in results] == list(range(300))


def test_events_of_a_batch_keep_their_address_or_have_none(sender: Sender) -> None:
    sender.batch(as_array([an_event(), an_event(ip_address="192.0.2.7")]))

    assert [event["ip_address"] for event in sender.stored()] == [None, "192.0.2.7"]


def test_the_same_batch_from_many_at_once_is_stored_once(sender: Sender) -> None:
    body = as_array([an_event(id=f"id-{n}") for n in range(50)])
    with ThreadPoolExecutor(8) as threads:
        answers = [answer.json() for answer in threads.map(sender.batch, [body] * 16)]

    assert sum(answer["committed"] for answer in answers) == 50
    assert sum(answer["duplicate"] for answer in answers) == 50 * 15
    receipts = {(each["id"], each["node_seq"]) for answer in answers for each in answer["results"]}
    assert len(receipts) == 50
    assert len(sender.stored()) == 50


def test_the_largest_batch_is_taken_and_a_larger_one_refused_whole(sender: Sender) -> None:
    events = [an_event(id=f"id-{n}") for n in range(MAX_BATCH_EVENTS)]

    too_many = sender.batch(as_array([*events, an_event(id="last")]))
    assert problem(too_many)[:2] == (400, "TOO_MANY_EVENTS")
    assert sender.stored() == []
    assert sender.batch(as_array(events)).json()["committed"] == MAX_BATCH_EVENTS
    again = sender.batch(as_lines(events), Content_Type=NDJSON).json()
    assert again["duplicate"] == MAX_BATCH_EVENTS


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", {}, 400, "MALFORMED_JSON"),
        (b"[]", {}, 400, "EMPTY_BATCH"),
        (b"\n\n", {"Content_Type": NDJSON}, 400, "EMPTY_BATCH"),
        (b'[{"action":"A"}', {}, 400, "MALFORMED_JSON"),
        (b"1", {}, 400, "MALFORMED_JSON"),
        (b"[]", {"Content_Type": "text/csv"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"[]", {"Content_Encoding": "deflate"}, 415, "UNSUPPORTED_ENCODING"),
        (b"[]", {"Content_Encoding": "zstd"}, 400, "MALFORMED_ENCODING"),
        (zstd.compress(b"[]")[:-1], {"Content_Encoding": "zstd"}, 400, "MALFORMED_ENCODING"),
        (b" " * (MAX_BATCH_BYTES + 1), {}, 413, "BODY_TOO_LARGE"),
        (gzip.compress(bytes(1 << 28)), {"Content_Encoding": "gzip"}, 413, "BODY_TOO_LARGE"),
        (zstd.compress(bytes(1 << 28)), {"Content_Encoding": "zstd"}, 413, "BODY_TOO_LARGE"),
        (
            gzip.compress(b"[" + b"1," * (1 << 23) + b"1]"),
            {"Content_Encoding": "gzip"},
            400,
            "TOO_MANY_EVENTS",
        ),
    ],
)
def test_a_body_that_is_no_batch_is_refused_as_a_whole(
    sender: Sender, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    assert problem(sender.batch(body, **headers))[:2] == (status, code)


def test_bombs_leave_the_server_small(live_server: LiveServer, sender: Sender) -> None:
    bombs = [
        gzip.compress(bytes(1 << 28)),
        gzip.compress(b"[" + b"1," * (1 << 23) + b"1]"),
        gzip.compress(b"1\n" * (1 << 23)),
        gzip.compress(b"\n" * MAX_BATCH_BYTES),
    ]
    sender.batch(as_array([an_event()]))
    before = peak_bytes(live_server)
    for bomb in bombs * 2:
        assert problem(sender.batch(bomb, Content_Encoding="gzip"))[0] in (400, 413)
        sender.batch(bomb, Content_Encoding="gzip", Content_Type=NDJSON)

    assert peak_bytes(live_server) - before < 250 * 1024 * 1024
    assert len(sender.stored()) == 1


def peak_bytes(server: LiveServer) -> int:
    """The most memory that the server's process ever had."""
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024
