"""Errors on the wire: RFC 9457 problem documents, and what OpenAPI says of them.

Every answer that is not a success is `application/problem+json` with a stable `code` and
the request's id. What we did not foresee is logged whole and answered without detail.
"""

from __future__ import annotations

import re
import secrets
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import QueryParameter
from litestar.types import ExceptionHandlersMap

from trailkeeper.errors import (
    Problem,
    TooManyRequests,
    TrailkeeperError,
    Unauthenticated,
    Unavailable,
)

PROBLEM_JSON: Final = "application/problem+json"
REQUEST_ID_HEADER: Final = "X-Request-ID"
MISSING_FIELD: Final = re.compile(r"missing required field `([^`]+)`")
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._\-]{1,64}")

CODES: Final = {
    400: "MALFORMED_REQUEST",
    404: "ROUTE_NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "BODY_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "TOO_MANY_REQUESTS",
}
"""Codes of what the framework itself refuses; any other status goes by its HTTP name."""

_log = structlog.get_logger(__name__)

AnyConnection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]


def request_id(connection: AnyConnection) -> str:
    """The request's id: the caller's `X-Request-ID` where it is harmless, else one made here."""
    state = connection.scope["state"]
    known = state.get("request_id")
    if known is None:
        given = connection.headers.get(REQUEST_ID_HEADER, "")
        known = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        state["request_id"] = known
    return str(known)


def problem_handlers() -> ExceptionHandlersMap:
    """Litestar's `exception_handlers` for the whole application."""
    return {
        TrailkeeperError: _on_ours,
        HTTPException: _on_framework,
        Exception: _on_unforeseen,
    }


def errors(*classes: type[TrailkeeperError]) -> dict[int, ResponseSpec]:
    """Litestar's `responses=` for the errors that a route may answer with."""
    return {each.status: _described(each) for each in classes}


def _described(error: type[TrailkeeperError]) -> ResponseSpec:
    example = Problem(
        type="urn:trailkeeper:problem:example-code",
        title=error.title,
        status=error.status,
        code="EXAMPLE_CODE",
        detail="What was wrong, for people.",
        request_id="5f0c2a9be1d47380",
    )
    return ResponseSpec(
        data_container=Problem,
        description=error.title,
        media_type=PROBLEM_JSON,
        generate_examples=False,
        examples=[Example(summary=error.title, value=msgspec.to_builtins(example))],
    )


def _on_ours(request: AnyRequest, error: TrailkeeperError) -> Response[Problem]:
    if error.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _on_unforeseen(request, error)
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="trailkeeper"'
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.retry_after_seconds)
        _log.warning("unavailable", code=error.code, request_id=request_id(request))
    return _answer(request, error.to_problem(request_id(request)), headers)


def _on_framework(request: AnyRequest, error: HTTPException) -> Response[Problem]:
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _on_unforeseen(request, error)
    if isinstance(error, ValidationException):
        return _answer(request, _invalid(request, error), {})
    status = HTTPStatus(error.status_code)
    problem = _problem(
        CODES.get(status, status.name), status, error.detail or status.description, request
    )
    return _answer(request, problem, dict(error.headers or {}))


def _on_unforeseen(request: AnyRequest, error: Exception) -> Response[Problem]:
    _log.error(
        "internal_error",
        request_id=request_id(request),
        method=request.method,
        path=request.url.path,
        exc_info=error,
    )
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = "Something went wrong on our side. The log has it under this request's id."
    return _answer(request, _problem("INTERNAL_ERROR", status, detail, request), {})


def _invalid(request: AnyRequest, error: ValidationException) -> Problem:
    names = _parameter_names(request)
    faults = [_named(each, names) for each in error.extra or [] if isinstance(each, dict)]
    status = HTTPStatus.BAD_REQUEST
    return Problem(
        type="urn:trailkeeper:problem:invalid-request",
        title="The request cannot be understood",
        status=status,
        code="INVALID_REQUEST",
        detail="; ".join(_fault(each) for each in faults) or error.detail,
        field=next((str(each["key"]) for each in faults if "key" in each), None),
        request_id=request_id(request),
    )


def _parameter_names(request: AnyRequest) -> dict[str, str]:
    """Query parameters that the code calls otherwise than the caller, also of dependencies."""
    handler = request.route_handler
    signatures = [
        handler.parsed_fn_signature,
        *(each.parsed_fn_signature for each in handler.resolve_dependencies().values()),
    ]
    return {
        name: given.name
        for signature in signatures
        for name, field in signature.parameters.items()
        if isinstance(given := field.kwarg_definition, QueryParameter) and given.name
    }


def _named(fault: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The fault under the name that the caller knows the part by."""
    message = str(fault.get("message", ""))
    missing = MISSING_FIELD.search(message)
    if missing is not None:
        return {**fault, "key": missing.group(1), "message": "this field is required"}
    if message == "'data'":
        return {"message": "The request has no body."}
    if fault.get("key") in names and fault.get("source") != "body":
        return {**fault, "key": names[str(fault["key"])]}
    if fault.get("source") == "header":
        return {**fault, "key": str(fault["key"]).replace("_", "-").title()}
    return fault


def _fault(fault: dict[str, Any]) -> str:
    message = str(fault.get("message", "is not valid"))
    return f"{fault['key']}: {message}" if "key" in fault else message


def _problem(code: str, status: HTTPStatus, detail: str, request: AnyRequest) -> Problem:
    return Problem(
        type=f"urn:trailkeeper:problem:{code.lower().replace('_', '-')}",
        title=status.phrase,
        status=status,
        code=code,
        detail=detail,
        request_id=request_id(request),
    )


def _answer(request: AnyRequest, problem: Problem, headers: dict[str, str]) -> Response[Problem]:
    return Response(
        problem,
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers={**headers, REQUEST_ID_HEADER: request_id(request)},
    )
