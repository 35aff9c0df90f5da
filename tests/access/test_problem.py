from __future__ import annotations

from typing import Any

import msgspec
import pytest
import structlog
from litestar import get, post
from litestar.openapi import OpenAPIConfig
from litestar.params import FromQuery, JSONBody

from tests.access.conftest import client_of, make_app
from trailkeeper.errors import (
    BadRequest,
    ConfigurationError,
    Problem,
    Unauthenticated,
    Unavailable,
)
from trailkeeper.problem import errors

PUBLIC = {"public": True}
MAX_BODY = 100_000


class Body(msgspec.Struct, forbid_unknown_fields=True):
    number: int


@get("/ours", opt=PUBLIC)
async def ours() -> None:
    raise BadRequest("WRONG", "It is wrong.", field="x", hint="Make it right.")


@get("/busy", opt=PUBLIC)
async def busy() -> None:
    raise Unavailable("BUSY", "Later.", retry_after_seconds=7)


@get("/crash", opt=PUBLIC)
async def crash() -> None:
    raise RuntimeError("the password is sesame")


@get("/misconfigured", opt=PUBLIC)
async def misconfigured() -> None:
    raise ConfigurationError("SECRET_PATH", "the path is /sesame")


@get("/unserializable", opt=PUBLIC)
async def unserializable() -> Any:
    return {"sesame": object()}


@post("/body", opt=PUBLIC)
async def body(data: JSONBody[Body]) -> int:
    return data.number


@get("/query", opt=PUBLIC, responses=errors(BadRequest, Unauthenticated))
async def query(limit: FromQuery[int]) -> int:
    return limit


ROUTES = [ours, busy, crash, misconfigured, unserializable, body, query]


async def ask(method: str, path: str, **options: Any) -> tuple[Problem, dict[str, str]]:
    """The answer as a problem document: it always has to be one."""
    async with client_of(make_app({}, ROUTES, request_max_body_size=MAX_BODY)) as client:
        answer = await client.request(method, path, **options)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = msgspec.json.decode(answer.content, type=Problem)
    assert problem.status == answer.status_code
    assert problem.request_id == answer.headers["x-request-id"]
    assert problem.type == f"urn:trailkeeper:problem:{problem.code.lower().replace('_', '-')}"
    return problem, dict(answer.headers)


async def test_our_errors_keep_all_they_say() -> None:
    problem, _ = await ask("GET", "/ours")

    assert (problem.status, problem.code, problem.detail) == (400, "WRONG", "It is wrong.")
    assert (problem.field, problem.hint) == ("x", "Make it right.")


async def test_overload_says_when_to_come_back() -> None:
    problem, headers = await ask("GET", "/busy")

    assert (problem.status, problem.code, headers["retry-after"]) == (503, "BUSY", "7")


@pytest.mark.parametrize("path", ["/crash", "/misconfigured", "/unserializable"])
async def test_the_unforeseen_is_logged_and_not_told(path: str) -> None:
    with structlog.testing.capture_logs() as logs:
        problem, _ = await ask("GET", path)

    assert (problem.status, problem.code) == (500, "INTERNAL_ERROR")
    assert "sesame" not in str(msgspec.to_builtins(problem))
    [entry] = logs
    assert (entry["event"], entry["path"]) == ("internal_error", path)
    assert entry["request_id"] == problem.request_id
    assert isinstance(entry["exc_info"], Exception)


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code", "field"),
    [
        ("GET", "/nowhere", None, 404, "ROUTE_NOT_FOUND", None),
        ("PUT", "/ours", None, 405, "METHOD_NOT_ALLOWED", None),
        ("GET", "/query", None, 400, "INVALID_REQUEST", None),
        ("GET", "/query?limit=many", None, 400, "INVALID_REQUEST", "limit"),
        ("POST", "/body", b'{"number": "x"}', 400, "INVALID_REQUEST", "number"),
        ("POST", "/body", b'{"number": 1, "more": 2}', 400, "INVALID_REQUEST", "data"),
        ("POST", "/body", b"{", 400, "MALFORMED_REQUEST", None),
        ("POST", "/body", b"\xff", 400, "MALFORMED_REQUEST", None),
        ("POST", "/body", b"1" * (MAX_BODY + 1), 413, "BODY_TOO_LARGE", None),
    ],
)
async def test_what_the_framework_refuses_has_stable_codes(
    method: str,
    path: str,
    content: bytes | None,
    status: int,
    code: str,
    field: str | None,
) -> None:
    json_body = {"content-type": "application/json"}
    problem, headers = await ask(method, path, content=content, headers=json_body)

    assert (problem.status, problem.code, problem.field) == (status, code, field)
    assert problem.detail
    assert (code == "METHOD_NOT_ALLOWED") == ("allow" in headers)


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("build-42.a_b", True), ("a" * 65, False), ('"><script>', False), ("", False)],
)
async def test_a_harmless_request_id_is_kept(given: str, is_kept: bool) -> None:
    problem, _ = await ask("GET", "/ours", headers={"X-Request-ID": given})

    assert (problem.request_id == given) == is_kept
    assert problem.request_id


async def test_openapi_describes_the_errors() -> None:
    app = make_app({}, ROUTES, openapi_config=OpenAPIConfig(title="test", version="1"))
    schema = app.openapi_schema.to_schema()
    responses = schema["paths"]["/query"]["get"]["responses"]

    assert {"200", "400", "401"} == set(responses)
    for status in ("400", "401"):
        [(media_type, content)] = responses[status]["content"].items()
        assert media_type == "application/problem+json"
        name = content["schema"]["$ref"].rpartition("/")[2]
        properties = schema["components"]["schemas"][name]["properties"]
        assert set(properties) == set(Problem.__struct_fields__)
        [example] = content["examples"].values()
        msgspec.convert(example["value"], Problem)
