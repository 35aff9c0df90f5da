"""HTTP of capture: one event, or a batch. A 2xx says that they are durable."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter

from trailkeeper.access.address import client_address
from trailkeeper.access.guard import requires
from trailkeeper.capture.body import (
    BATCH_BODY,
    EVENT_BODY,
    Allowance,
    BodyLimit,
    ByteBudget,
    read_body,
)
from trailkeeper.capture.idempotency import first_use
from trailkeeper.capture.parse import check_batch_size, split_array, split_lines
from trailkeeper.capture.pipeline import Origin, Pipeline, Result, ResultStatus
from trailkeeper.capture.rejection import Reason
from trailkeeper.capture.schema import (
    BatchOperation,
    BatchReceipt,
    EventOperation,
    EventReceipt,
    to_batch_receipt,
)
from trailkeeper.capture.validate import stored_address
from trailkeeper.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    StorageFull,
    TooLarge,
    TrailkeeperError,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    UnsupportedMedia,
)
from trailkeeper.principal import Permission, Principal
from trailkeeper.problem import errors

CaptureRequest = Request[Principal, Any, State]

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="Sent again within 24 hours with the same body, nothing is stored twice.",
        max_length=255,
    ),
]

_REFUSALS: Final = (
    Unauthenticated,
    Forbidden,
    Conflict,
    TooLarge,
    UnsupportedMedia,
    Unavailable,
    StorageFull,
)
_LINE_TYPES: Final = ("application/x-ndjson", "application/jsonl", "application/ndjson")
_JSON_TYPES: Final = ("application/json", "text/json", "")


@post(
    "/audit-logs/",
    guards=[requires(Permission.EVENT_WRITE)],
    operation_class=EventOperation,
    responses={
        200: ResponseSpec(
            data_container=EventReceipt,
            generate_examples=False,
            description="Known already: the first receipt.",
        ),
        **errors(BadRequest, Unprocessable, *_REFUSALS),
    },
    request_max_body_size=None,
    summary="Record an event",
    tags=["Capture"],
)
async def record_event(
    request: CaptureRequest, idempotency_key: IdempotencyKey = None
) -> Response[EventReceipt]:
    """Commits one event. 201 when it is durable, 200 when this id was committed before."""
    _content_type(request, _JSON_TYPES)
    with _budget(request).allowance() as allowance:
        body = await _body(request, allowance, EVENT_BODY)
        address = client_address(request.scope, request.app.state["settings"].trusted_proxies)
        origin = await _origin(
            request, body, idempotency_key, stored_address(address) if address else None
        )
        [result] = await _pipeline(request).capture([body], origin)
    if result.status is ResultStatus.REJECTED:
        raise _refusal(result)
    is_duplicate = result.status is ResultStatus.DUPLICATE
    return Response(_receipt(result), status_code=200 if is_duplicate else 201)


@post(
    "/audit-logs/batch",
    guards=[requires(Permission.EVENT_WRITE)],
    operation_class=BatchOperation,
    responses=errors(BadRequest, *_REFUSALS),
    status_code=200,
    request_max_body_size=None,
    summary="Record many events",
    tags=["Capture"],
)
async def record_batch(
    request: CaptureRequest, idempotency_key: IdempotencyKey = None
) -> BatchReceipt:
    """Commits a batch: each event is judged alone and gets a result of its own, in order.

    Events of a batch that name no `ip_address` have none: the connection is a collector's.
    """
    content_type = _content_type(request, (*_LINE_TYPES, *_JSON_TYPES))
    with _budget(request).allowance() as allowance:
        body = await _body(request, allowance, BATCH_BODY)
        is_array = content_type in _JSON_TYPES and body.lstrip()[:1] != b"{"
        raws = split_array(body) if is_array else split_lines(body)
        check_batch_size(len(raws))
        origin = await _origin(request, body, idempotency_key, None)
        return to_batch_receipt(await _pipeline(request).capture(raws, origin))


ROUTES: list[HTTPRouteHandler] = [record_event, record_batch]


async def _body(request: CaptureRequest, allowance: Allowance, limit: BodyLimit) -> bytes:
    encoding = request.headers.get("content-encoding", "")
    length = request.headers.get("content-length", "")
    declared_bytes = int(length) if length.isascii() and length.isdigit() else 0
    try:
        return await read_body(request.stream(), encoding, allowance, limit, declared_bytes)
    except InternalServerException:
        # This is how the framework says that the sender went away; nobody reads the answer.
        raise BadRequest(
            "BODY_INCOMPLETE", "The connection ended before the body did; nothing was committed."
        ) from None


async def _origin(
    request: CaptureRequest, body: bytes, key: str | None, address: str | None
) -> Origin:
    tenant = request.user.tenant
    if key is None:
        return Origin(tenant, address, sent_by=request.user.actor)
    state = request.app.state
    used = await first_use(state["metadata"], tenant, key, body, state["clock"]())
    return Origin(tenant, address, key, used, sent_by=request.user.actor)


def _content_type(request: CaptureRequest, known: tuple[str, ...]) -> str:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in known:
        raise UnsupportedMedia(
            "UNSUPPORTED_MEDIA_TYPE",
            f"Content-Type {content_type[:60]!r} is not supported here.",
            hint=f"Use {' or '.join(each for each in known if each)}.",
            field="Content-Type",
        )
    return content_type


def _refusal(result: Result) -> TrailkeeperError:
    code = result.code or ""
    detail = result.reason or ""
    if code == Reason.MALFORMED_JSON:
        return BadRequest(code, detail, field=result.field)
    if code == Reason.DETAILS_TOO_LARGE:
        return TooLarge(code, detail, field=result.field)
    return Unprocessable(code, detail, field=result.field)


def _receipt(result: Result) -> EventReceipt:
    if (
        result.id is None
        or result.received_at is None
        or result.node is None
        or result.node_seq is None
    ):
        raise ValueError("a stored event has a receipt")
    return EventReceipt(
        id=result.id,
        status=result.status,
        received_at=result.received_at,
        node=result.node,
        node_seq=result.node_seq,
    )


def _pipeline(request: CaptureRequest) -> Pipeline:
    pipeline: Pipeline = request.app.state["pipeline"]
    return pipeline


def _budget(request: CaptureRequest) -> ByteBudget:
    budget: ByteBudget = request.app.state["budget"]
    return budget
