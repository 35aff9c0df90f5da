"""The wire of capture: receipts, batch answers, and what OpenAPI says of the bodies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from litestar.openapi.spec import (
    Example,
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)

from trailkeeper.access.operation import add_example
from trailkeeper.capture.pipeline import Result, ResultStatus
from trailkeeper.event import MAX_BATCH_EVENTS, NewEvent, Source, Status


class EventReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """The event is durable. For a `duplicate` this is the receipt of its first arrival."""

    id: str
    status: ResultStatus
    received_at: datetime
    node: int
    node_seq: int


class BatchReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """How many events were committed, known already or refused, and each one's own result."""

    committed: int
    duplicate: int
    rejected: int
    results: list[Result]


def to_batch_receipt(results: list[Result]) -> BatchReceipt:
    counts = dict.fromkeys(ResultStatus, 0)
    for result in results:
        counts[result.status] += 1
    return BatchReceipt(
        committed=counts[ResultStatus.COMMITTED],
        duplicate=counts[ResultStatus.DUPLICATE],
        rejected=counts[ResultStatus.REJECTED],
        results=results,
    )


EXAMPLE_EVENT: dict[str, Any] = {
    "action": "UPDATE",
    "resource_type": "USER",
    "resource_id": "user-def-456",
    "user_id": "admin-789",
    "user_email": "admin@company.com",
    "timestamp": "2025-01-15T15:00:00Z",
    "ip_address": "192.168.1.100",
    "details": {
        "changed_fields": ["role"],
        "old_value": "DEVELOPER",
        "new_value": "ADMIN",
    },
}

_NAMED: dict[str, tuple[str, dict[str, Any]]] = {
    "action": ("What was done, e.g. CREATE. Letters, digits, underscores; case is folded.", {}),
    "resource_type": ("What kind of thing it was done to, e.g. PROJECT.", {}),
    "id": ("Your own id for the event: sent again, it is stored once.", {"max_length": 128}),
    "resource_id": ("Which one.", {"max_length": 512}),
    "resource_name": ("Its name at the time.", {"max_length": 1024}),
    "user_id": ("Who did it. Empty for system actions.", {"max_length": 512}),
    "user_email": ("Their e-mail address at the time.", {"max_length": 512}),
    "on_behalf_of": ("The person acted for, when somebody acts for another.", {"max_length": 512}),
    "user_agent": ("Their client.", {"max_length": 4096}),
    "ip_address": ("IPv4 or IPv6 address it came from.", {}),
}


def event_schema() -> Schema:
    """The JSON schema of `NewEvent`, with what the struct's types cannot say."""
    properties: dict[str, Schema] = {
        name: Schema(type=OpenAPIType.STRING, description=text, **more)
        for name, (text, more) in _NAMED.items()
    }
    properties["timestamp"] = Schema(
        type=OpenAPIType.STRING,
        format=OpenAPIFormat.DATE_TIME,
        description="When, with a zone. At most 24 h ahead. Default: now.",
    )
    properties["status"] = Schema(
        type=OpenAPIType.STRING,
        enum=[each.value for each in Status],
        description="Default: FAILED for actions that end in _FAILED, else SUCCESS.",
    )
    properties["source"] = Schema(
        type=OpenAPIType.STRING,
        enum=[each.value for each in Source],
        description="Through which door. Default: API.",
    )
    properties["details"] = Schema(
        type=OpenAPIType.OBJECT, description="Anything else, up to 64 KiB. Secrets are removed."
    )
    return Schema(
        type=OpenAPIType.OBJECT,
        title=NewEvent.__name__,
        required=["action", "resource_type"],
        properties={name: properties[name] for name in NewEvent.__struct_fields__},
        additional_properties=False,
        examples=[EXAMPLE_EVENT],
    )


EXAMPLE_RECEIPT: dict[str, Any] = {
    "id": "01946a5e-7c80-7b4e-9c2e-3f1f6f0a1b2c",
    "status": "committed",
    "received_at": "2025-01-15T15:00:00.250000Z",
    "node": 3,
    "node_seq": 1204,
}

EXAMPLE_BATCH_RECEIPT: dict[str, Any] = {
    "committed": 1,
    "duplicate": 0,
    "rejected": 1,
    "results": [
        {"index": 0, **EXAMPLE_RECEIPT},
        {
            "index": 1,
            "status": "rejected",
            "code": "MISSING_FIELD",
            "field": "resource_type",
            "reason": "`resource_type` is required.",
        },
    ],
}


@dataclass
class EventOperation(Operation):
    """Documents the body of a route that reads it itself."""

    def __post_init__(self) -> None:
        self.request_body = RequestBody(
            description="One event.",
            required=True,
            content={"application/json": OpenAPIMediaType(schema=event_schema())},
        )
        add_example(self, EXAMPLE_RECEIPT, 201)
        add_example(self, {**EXAMPLE_RECEIPT, "status": "duplicate"}, 200)


@dataclass
class BatchOperation(Operation):
    """Documents the body of a batch: an array, or one event a line."""

    def __post_init__(self) -> None:
        events = Schema(
            type=OpenAPIType.ARRAY,
            items=event_schema(),
            min_items=1,
            max_items=MAX_BATCH_EVENTS,
        )
        lines = Example(
            value='{"action":"LOGIN","resource_type":"USER"}\n'
            '{"action":"CREATE","resource_type":"PROJECT"}\n'
        )
        self.request_body = RequestBody(
            description="Events, as a JSON array or one a line. Gzip or zstd are welcome.",
            required=True,
            content={
                "application/json": OpenAPIMediaType(schema=events),
                "application/x-ndjson": OpenAPIMediaType(
                    schema=Schema(type=OpenAPIType.STRING), examples={"events": lines}
                ),
            },
        )
        add_example(self, EXAMPLE_BATCH_RECEIPT)
