"""`POST /audit-logs/` of a live server."""

from __future__ import annotations

import gzip
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from backports import zstd

from tests.capture.conftest import NDJSON, Sender, problem
from tests.live import LiveServer
from tests.orgs import new_key
from trailkeeper.event import MAX_EVENT_BYTES
from trailkeeper.principal import Permission

LOGIN: dict[str, Any] = {"action": "LOGIN", "resource_type": "USER", "user_id": "ada"}
FULL: dict[str, Any] = {
    "id": "order-4711",
    "action": "update",
    "resource_type": "project",
    "resource_id": "p-1",
    "resource_name": "Apollo",
    "user_id": "ada",
    "user_email": "ada@acme.io",
    "on_behalf_of": "grace",
    "timestamp": "2026-01-15T15:00:00.123456+01:00",
    "ip_address": "2001:db8::1",
    "user_agent": "curl/8.5.0",
    "status": "failed",
    "source": "sdk",
    "details": {"changed": ["role"], "nested": {"n": 1.5}, "ünicode": "\u0000 😀"},
}


def test_an_event_is_stored_with_every_field_as_it_was_sent(sender: Sender) -> None:
    answer = sender.event(FULL)

    assert answer.status_code == 201
    receipt = answer.json()
    assert set(receipt) == {"id", "status", "received_at", "node", "node_seq"}
    assert (receipt["id"], receipt["status"]) == ("order-4711", "committed")
    [stored] = sender.stored()
    assert stored["details"] == FULL["details"]
    assert stored["timestamp"] == "2026-01-15T14:00:00.123456Z"
    assert {name: stored[name] for name in ("action", "resource_type", "status", "source")} == {
        "action": "UPDATE",
        "resource_type": "PROJECT",
        "status": "FAILED",
        "source": "SDK",
    }
    same = ("resource_id", "resource_name", "user_id", "user_email", "on_behalf_of", "ip_address")
    assert {name: stored[name] for name in same} == {name: FULL[name] for name in same}
    assert {name: stored[name] for name in ("received_at", "node", "node_seq")} == {
        name: receipt[name] for name in ("received_at", "node", "node_seq")
    }
    assert stored["organization"] == sender.organization


def test_what_is_left_out_is_filled_by_the_server(sender: Sender) -> None:
    before = datetime.now(UTC)
    receipt = sender.event({"action": "LOGIN", "resource_type": "USER"}).json()
    after = datetime.now(UTC)

    assert uuid.UUID(receipt["id"]).version == 7
    [stored] = sender.stored()
    assert stored["id"] == receipt["id"]
    assert before <= datetime.fromisoformat(stored["timestamp"]) <= after
    assert before <= datetime.fromisoformat(stored["received_at"]) <= after
    assert (stored["status"], stored["source"], stored["details"]) == ("SUCCESS", "API", {})
    assert (stored["user_id"], stored["resource_id"]) == (None, None)
    assert stored["ip_address"] == "127.0.0.1"


def test_the_same_event_again_gets_its_first_receipt(sender: Sender) -> None:
    first = sender.event(FULL)
    again = sender.event({**FULL, "action": "DELETE"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "status": "duplicate"}
    assert [event["action"] for event in sender.stored()] == ["UPDATE"]


def test_the_same_event_from_many_at_once_is_stored_once(sender: Sender) -> None:
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: sender.event(FULL), range(40)))

    assert sorted(answer.status_code for answer in answers) == [200] * 39 + [201]
    receipts = [{**answer.json(), "status": ""} for answer in answers]
    assert all(receipt == receipts[0] for receipt in receipts)
    assert len(sender.stored()) == 1


def test_the_same_event_after_a_crash_gets_its_first_receipt(own_server: LiveServer) -> None:
    with own_server.start().client() as client:
        first = client.post("/audit-logs/", json=FULL)
    own_server.kill()
    with own_server.start().client() as client:
        again = client.post("/audit-logs/", json=FULL)
        keyed = client.post("/audit-logs/", json=LOGIN)

    assert (first.status_code, again.status_code, keyed.status_code) == (201, 200, 201)
    assert again.json() == {**first.json(), "status": "duplicate"}
    assert keyed.json()["node"] > first.json()["node"]
    assert keyed.json()["node_seq"] == 1


def test_a_request_with_a_key_is_repeated_across_a_restart(own_server: LiveServer) -> None:
    headers = {"Idempotency-Key": "once"}
    with own_server.start().client() as client:
        first = client.post("/audit-logs/", json=LOGIN, headers=headers)
    assert own_server.stop() == 0
    with own_server.start().client() as client:
        again = client.post("/audit-logs/", json=LOGIN, headers=headers)
        other = client.post("/audit-logs/", json=FULL, headers=headers)

    assert again.json() == {**first.json(), "status": "duplicate"}
    assert problem(other)[:2] == (409, "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_an_event_may_be_packed(sender: Sender, pack: Any) -> None:
    encoding = "gzip" if pack is gzip.compress else "zstd"

    assert sender.event(pack(msgspec.json.encode(FULL)), Content_Encoding=encoding).is_success
    assert sender.stored()[0]["details"] == FULL["details"]


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"action": "LOG IN"}, 422, "INVALID_ACTION", "action"),
        ({"resource_type": ""}, 422, "INVALID_RESOURCE_TYPE", "resource_type"),
        ({"id": ""}, 422, "INVALID_ID", "id"),
        ({"user_id": "x" * 513}, 422, "TEXT_TOO_LONG", "user_id"),
        ({"status": "MAYBE"}, 422, "INVALID_STATUS", "status"),
        ({"source": "FAX"}, 422, "INVALID_SOURCE", "source"),
        ({"ip_address": "nowhere"}, 422, "INVALID_IP_ADDRESS", "ip_address"),
        ({"timestamp": "2026-01-15T15:00:00"}, 422, "INVALID_TIMESTAMP", "timestamp"),
        ({"timestamp": "soon"}, 422, "INVALID_TIMESTAMP", "timestamp"),
        ({"timestamp": "2999-01-01T00:00:00Z"}, 422, "TIMESTAMP_IN_FUTURE", "timestamp"),
        ({"timestamp": "1969-12-31T23:59:59Z"}, 422, "TIMESTAMP_TOO_OLD", "timestamp"),
        ({"actor": "ada"}, 422, "UNKNOWN_FIELD", "actor"),
        ({"user_id": 5}, 422, "WRONG_TYPE", "user_id"),
        ({"details": "x"}, 422, "WRONG_TYPE", "details"),
        ({"details": {"a": "x" * 65_536}}, 413, "DETAILS_TOO_LARGE", "details"),
        ({"details": {"a": "x" * MAX_EVENT_BYTES}}, 413, "EVENT_TOO_LARGE", None),
    ],
)
def test_a_refusal_says_what_was_wrong_and_stores_nothing(
    sender: Sender, changes: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    assert problem(sender.event({**LOGIN, **changes})) == (status, code, field)
    assert sender.stored() == []


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", {}, 400, "MALFORMED_JSON"),
        (b"{", {}, 400, "MALFORMED_JSON"),
        (b"[]", {}, 422, "WRONG_TYPE"),
        (b'{"action":"A"}', {}, 422, "MISSING_FIELD"),
        (
            b'{"action":"A","resource_type":"B","details":{"n":1e999}}',
            {},
            422,
            "NUMBER_OUT_OF_RANGE",
        ),
        (b"{}", {"Content_Type": NDJSON}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"{}", {"Content_Type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"{}", {"Content_Encoding": "br"}, 415, "UNSUPPORTED_ENCODING"),
        (b"{}", {"Content_Encoding": "gzip"}, 400, "MALFORMED_ENCODING"),
        (gzip.compress(bytes(1 << 28)), {"Content_Encoding": "gzip"}, 413, "EVENT_TOO_LARGE"),
    ],
)
def test_a_body_that_is_no_event_is_refused(
    sender: Sender, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    assert problem(sender.event(body, **headers))[:2] == (status, code)
    assert sender.stored() == []


def test_a_time_up_to_a_day_ahead_is_taken(sender: Sender) -> None:
    tomorrow = datetime.now(UTC) + timedelta(hours=23, minutes=59)

    assert sender.event({**LOGIN, "timestamp": tomorrow.isoformat()}).status_code == 201


def bytes_of(path: Path) -> bytes:
    """What a file holds; the store may have merged it into another one by now."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def test_secrets_are_removed_before_anything_is_stored(
    sender: Sender, live_server: LiveServer
) -> None:
    secret = f"hunter2-{uuid.uuid4().hex}"
    details = {"login": {"password": secret}, "note": f"Bearer {secret}", "plain": "kept"}
    sender.event({**LOGIN, "details": details})

    [stored] = sender.stored()
    assert stored["details"] == {
        "login": {"password": "[REDACTED]"},
        "note": "[REDACTED]",
        "plain": "kept",
    }
    assert stored["redacted"] == ["details.login.password", "details.note"]
    assert secret not in live_server.log.read_text()
    # Not by rglob, which fails where the store removes a folder meanwhile.
    kept = [Path(folder, name) for folder, _, names in os.walk(live_server.data) for name in names]
    assert kept
    assert not any(secret.encode() in bytes_of(path) for path in kept)


def test_writing_needs_its_own_permission(sender: Sender, live_server: LiveServer) -> None:
    reader = new_key(live_server, sender.organization, [Permission.USER_MANAGE])
    writer = new_key(live_server, sender.organization, [Permission.EVENT_WRITE])
    for path in ("/audit-logs/", "/audit-logs/batch"):
        with live_server.client(reader) as client:
            assert problem(client.post(path, json=LOGIN))[:2] == (403, "PERMISSION_MISSING")
        with live_server.client("tk_0000000000000000_00") as client:
            assert problem(client.post(path, json=LOGIN))[:2] == (401, "INVALID_KEY")
        with live_server.client(writer) as client:
            assert client.post(path, json=LOGIN).is_success
    assert len(sender.stored()) == 2
