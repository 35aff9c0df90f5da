"""HTTP of keeping: how retention stands, and running it."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import (
    BadRequest,
    Forbidden,
    StorageFull,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from trailkeeper.keep.retention import Retention
from trailkeeper.keep.status import RetentionRunView, RetentionStatus, retention_status, to_run_view
from trailkeeper.principal import Permission, Principal
from trailkeeper.problem import errors

KeepRequest = Request[Principal, Any, State]


class RetentionOrder(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """With `dry_run`, the default, nothing is removed."""

    dry_run: bool = True


class RetentionOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What was removed, or with `dry_run` would be, by action; `run` is null for a dry run."""

    dry_run: bool
    removed: dict[str, int]
    run: RetentionRunView | None


EXAMPLE_RUN: Final[dict[str, Any]] = {
    "id": 12,
    "started_at": "2025-01-15T03:00:00Z",
    "finished_at": "2025-01-15T03:00:04Z",
    "removed": {"LOGIN": 1204},
    "error": "",
}

EXAMPLE_STATUS: Final[dict[str, Any]] = {
    "days": 90,
    "rules": [{"days": 365, "action": "LOGIN", "resource_type": "USER"}],
    "oldest_received_at": "2024-10-17T03:12:45Z",
    "oldest_timestamp": "2024-10-17T03:12:44Z",
    "events": 200000,
    "bytes": 8200000,
    "holdings": [{"action": "LOGIN", "events": 200000, "bytes": 8200000}],
    "would_remove": {"LOGIN": 310},
    "last_run_at": "2025-01-15T03:00:04Z",
    "next_run_at": "2025-01-16T03:00:04Z",
    "runs": [EXAMPLE_RUN],
}

EXAMPLE_OUTCOME: Final[dict[str, Any]] = {
    "dry_run": False,
    "removed": {"LOGIN": 1204},
    "run": EXAMPLE_RUN,
}


@get(
    "/retention",
    guards=[requires(Permission.SETTINGS_VIEW)],
    operation_class=answering(EXAMPLE_STATUS),
    responses=errors(Unauthenticated, Forbidden, Unavailable),
    summary="Show how retention stands",
    tags=["Keep"],
)
async def show_retention(request: KeepRequest) -> RetentionStatus:
    """Policy, last and next run, the oldest event, what the log holds and would let go."""
    state = request.app.state
    return await retention_status(
        state["engine"], state["metadata"], state["retention"], request.user.tenant
    )


@post(
    "/retention/run",
    guards=[requires(Permission.SETTINGS_MANAGE)],
    operation_class=answering(EXAMPLE_OUTCOME),
    responses=errors(BadRequest, TooLarge, Unauthenticated, Forbidden, Unavailable, StorageFull),
    status_code=200,
    summary="Run retention now",
    tags=["Keep"],
)
async def run_retention(request: KeepRequest, data: JSONBody[RetentionOrder]) -> RetentionOutcome:
    """Removes what has expired, or says what would be removed. A run is itself an event."""
    retention: Retention = request.app.state["retention"]
    tenant = request.user.tenant
    if data.dry_run:
        return RetentionOutcome(dry_run=True, removed=await retention.preview(tenant), run=None)
    by = requester_of(request, request.user)
    run = to_run_view(await retention.run(tenant, by))
    return RetentionOutcome(dry_run=False, removed=run.removed, run=run)


ROUTES: list[HTTPRouteHandler] = [show_retention, run_retention]
