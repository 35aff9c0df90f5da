"""HTTP of keeping: how retention stands, and running it."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from trailkeeper.access.guard import requires
from trailkeeper.errors import BadRequest, Forbidden, Unauthenticated, Unavailable
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


@get(
    "/retention",
    guards=[requires(Permission.SETTINGS_VIEW)],
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
    responses=errors(BadRequest, Unauthenticated, Forbidden, Unavailable),
    status_code=200,
    summary="Run retention now",
    tags=["Keep"],
)
async def run_retention(request: KeepRequest, data: RetentionOrder) -> RetentionOutcome:
    """Removes what has expired, or says what would be removed. A run is itself an event."""
    retention: Retention = request.app.state["retention"]
    tenant = request.user.tenant
    if data.dry_run:
        return RetentionOutcome(dry_run=True, removed=await retention.preview(tenant), run=None)
    run = to_run_view(await retention.run(tenant))
    return RetentionOutcome(dry_run=False, removed=run.removed, run=run)


ROUTES: list[HTTPRouteHandler] = [show_retention, run_retention]
