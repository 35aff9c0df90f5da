"""Errors are RFC 9457 problem documents, all of one shape, with the request's id."""

from __future__ import annotations

import re

import httpx2
import msgspec
import pytest

from tests.api.tenant import Tenant, event
from tests.live import LiveServer
from trailkeeper.errors import Problem

CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


def problem_of(answer: httpx2.Response, status: int, code: str) -> Problem:
    """The answer as a strictly checked problem document."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = msgspec.json.decode(answer.content, type=Problem)
    assert answer.json().keys() <= set(Problem.__struct_fields__)
    assert None not in answer.json().values()
    assert (problem.status, problem.code) == (status, code)
    assert CODE.fullmatch(problem.code)
    assert problem.type == f"urn:trailkeeper:problem:{code.lower().replace('_', '-')}"
    assert problem.title
    assert problem.detail
    assert problem.request_id == answer.headers["x-request-id"]
    return problem


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "ROUTE_NOT_FOUND"),
        ("GET", "/", 404, "ROUTE_NOT_FOUND"),
        ("GET", "/audit-logs/a/b", 404, "ROUTE_NOT_FOUND"),
        ("GET", "/schema", 404, "ROUTE_NOT_FOUND"),
        ("GET", "/schema/openapi.json", 404, "ROUTE_NOT_FOUND"),
        ("PUT", "/audit-logs/", 405, "METHOD_NOT_ALLOWED"),
        ("DELETE", "/audit-logs/", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/audit-logs/export", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/audit-logs/nowhere", 404, "EVENT_NOT_FOUND"),
        ("DELETE", "/audit-logs/nowhere", 405, "METHOD_NOT_ALLOWED"),
        ("DELETE", "/api-keys/0123456789abcdef", 404, "KEY_NOT_FOUND"),
        ("GET", "/audit-logs/?limit=x", 400, "INVALID_PARAMETER"),
        ("GET", "/users/?limit=x", 400, "INVALID_REQUEST"),
        ("GET", "/audit-logs/?q=%22", 400, "INVALID_QUERY"),
    ],
)
def test_refusals_are_problem_documents(
    reader: Tenant, method: str, path: str, status: int, code: str
) -> None:
    answer = reader.client.request(method, path)
    problem_of(answer, status, code)
    if status == 405:
        assert "GET" in answer.headers["allow"] or "POST" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/detections/?state=nonsense", "state"),
        ("/detections/?limit=5&severity=nonsense", "severity"),
        ("/detections/counts?state=nonsense", "state"),
        ("/users/?role=ADMIN&limit=x", "limit"),
    ],
)
def test_a_parameter_is_named_as_the_caller_knows_it(reader: Tenant, path: str, field: str) -> None:
    answer = reader.client.get(path)
    problem = problem_of(answer, 400, "INVALID_REQUEST")
    assert problem.field == field
    assert problem.detail.startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "code", "field"),
    [
        ("/audit-logs/", b"{", {}, 400, "MALFORMED_JSON", None),
        ("/audit-logs/", b"[]", {}, 422, "WRONG_TYPE", None),
        ("/audit-logs/", b"{}", {}, 422, "MISSING_FIELD", "action"),
        ("/audit-logs/", b'{"action":"A","resource_type":"B","x":1}', {}, 422, "UNKNOWN_FIELD",
         "x"),
        ("/audit-logs/", b"x" * 300_000, {}, 413, "EVENT_TOO_LARGE", None),
        ("/audit-logs/", b"{}", {"Content-Type": "text/csv"}, 415, "UNSUPPORTED_MEDIA_TYPE",
         "Content-Type"),
        ("/audit-logs/batch", b"{}", {"Content-Encoding": "br"}, 415, "UNSUPPORTED_ENCODING",
         "Content-Encoding"),
        ("/audit-logs/batch", b"[]", {}, 400, "EMPTY_BATCH", None),
        ("/audit-logs/batch", b"[", {}, 400, "MALFORMED_JSON", None),
        ("/audit-logs/", b"{}", {"Idempotency-Key": "x" * 256}, 400, "INVALID_REQUEST",
         "Idempotency-Key"),
        ("/api-keys/", b"{", {}, 400, "MALFORMED_REQUEST", None),
        ("/api-keys/", b"x" * 11_000_000, {}, 413, "BODY_TOO_LARGE", None),
        ("/api-keys/", b"{}", {}, 400, "INVALID_REQUEST", "name"),
        ("/api-keys/", b"", {}, 400, "INVALID_REQUEST", None),
        ("/retention/run", b'{"dry_run":"perhaps"}', {}, 400, "INVALID_REQUEST", "dry_run"),
    ],
)  # fmt: skip
def test_bodies_that_cannot_be_taken(
    reader: Tenant,
    path: str,
    body: bytes,
    headers: dict[str, str],
    status: int,
    code: str,
    field: str | None,
) -> None:
    sent = {"Content-Type": "application/json", **headers}
    problem = problem_of(reader.client.post(path, content=body, headers=sent), status, code)
    if field is not None:
        assert problem.field == field


@pytest.mark.parametrize(
    "name", ["abc", "a.b_c-D", "x" * 64, "01890a5d-ac96-774b-bcce-b302099a8057"]
)
def test_the_caller_s_request_id_comes_back(reader: Tenant, name: str) -> None:
    for path in ("/audit-logs/", "/nowhere", "/audit-logs/nowhere", "/healthz"):
        answer = reader.client.get(path, headers={"X-Request-ID": name})
        assert answer.headers["x-request-id"] == name
        if answer.status_code != 200:
            assert answer.json()["request_id"] == name


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "a;b", '"', "<script>", "a/b"])
def test_a_harmful_request_id_is_replaced(reader: Tenant, name: str) -> None:
    answer = reader.client.get("/audit-logs/nowhere", headers={"X-Request-ID": name})
    made = answer.headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{16}", made)
    assert answer.json()["request_id"] == made


def test_each_answer_has_an_id_of_its_own(reader: Tenant) -> None:
    answers = [reader.client.get(path) for path in ("/audit-logs/", "/healthz", "/audit-logs/x")]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 3


def test_who_comes_before_whether_it_exists(live_server: LiveServer, tenant: Tenant) -> None:
    """401 before 403 before 400 and 404; a known thing is no different from an unknown one."""
    [receipt] = tenant.record([event()])
    writer = tenant.client.post("/api-keys/", json={"name": "w", "permissions": ["event:write"]})
    token = writer.json()["key"]
    for path in (
        f"/audit-logs/{receipt['id']}",
        "/audit-logs/nowhere",
        "/audit-logs/nowhere/context?limit=x",
        "/audit-logs/?limit=x",
    ):
        problem_of(httpx2.get(live_server.url + path), 401, "MISSING_KEY")
        with live_server.client(token) as client:
            problem_of(client.get(path), 403, "PERMISSION_MISSING")


def test_a_revoked_and_an_expired_key_are_told_apart(
    live_server: LiveServer, tenant: Tenant
) -> None:
    made = tenant.client.post("/api-keys/", json={"name": "k", "permissions": ["user:view"]})
    with live_server.client(made.json()["key"]) as client:
        assert client.get("/audit-logs/").status_code == 200
        tenant.client.delete(f"/api-keys/{made.json()['id']}")
        problem_of(client.get("/audit-logs/"), 401, "REVOKED_KEY")


@pytest.mark.parametrize(
    "path",
    ["/audit-logs/%ff", "/audit-logs/%00", "/users/%00/activity", "/audit-logs/?user_id=%00",
     "/audit-logs/?q=%ff", "/audit-logs/?q=%ed%a0%80", "/audit-logs/?details.%00=x",
     "/audit-logs/?details.a%5B0%5D=1", "/users/?search=%00%ff", "/audit-logs/%2F", "/%2F",
     "/audit-logs/?start_date=0000-00-00", "/audit-logs/?start_date=9999-12-31T23:59:60Z",
     "/audit-logs/?start_date=1900-01-01&time_zone=Asia/Tokyo",
     "/audit-logs/?end_date=2299-12-31&time_zone=America/New_York",
     "/audit-logs/histogram?end_date=1900-01-01&interval=day",
     "/audit-logs/histogram?start_date=2299-12-31",
     "/audit-logs/histogram?start_date=1970-01-04T12:00:00Z&end_date=1970-01-05T12:00:00Z"
     "&time_zone=Africa/Monrovia&interval=minute",
     "/audit-logs/histogram?time_zone=Factory", "/audit-logs/histogram?time_zone=posixrules"],
)  # fmt: skip
def test_odd_questions_are_no_internal_errors(tenant: Tenant, path: str) -> None:
    tenant.record([event(timestamp="1970-01-04T20:30:31Z")])
    answer = tenant.client.get(path)
    assert answer.status_code in (200, 400, 404), answer.text
