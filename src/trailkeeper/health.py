"""Is it alive, is it ready, and what does it say of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from trailkeeper import __version__
from trailkeeper.access.operation import public
from trailkeeper.errors import Unavailable
from trailkeeper.keep.retention import OVERDUE_AFTER, last_good_run
from trailkeeper.problem import errors
from trailkeeper.services import Services
from trailkeeper.store.engine import Statement

AnyRequest = Request[Any, Any, State]


EXAMPLE_READINESS: Final[dict[str, Any]] = {
    "status": "ready",
    "node": 3,
    "committed_upto": "2025-01-15T14:30:00.250000Z",
    "directory_lag_events": 0,
    "retention_last_run_at": "2025-01-15T03:00:04Z",
    "warnings": [],
}
EXAMPLE_METRICS: Final = """\
# HELP trailkeeper_events_committed_total Events that became durable.
# TYPE trailkeeper_events_committed_total counter
trailkeeper_events_committed_total 1204.0
"""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    status: str
    version: str


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Both stores answered. `warnings` name what somebody should look at."""

    status: str
    node: int
    committed_upto: datetime
    directory_lag_events: int
    retention_last_run_at: datetime | None
    warnings: list[str]


@get(
    "/healthz",
    opt={"public": True},
    operation_class=public({"status": "alive", "version": __version__}),
    summary="Is the process alive",
    tags=["Operations"],
)
async def healthz() -> Health:
    """Answers as long as the process does."""
    return Health(status="alive", version=__version__)


@get(
    "/readyz",
    opt={"public": True},
    operation_class=public(EXAMPLE_READINESS),
    responses=errors(Unavailable),
    summary="Can it serve",
    tags=["Operations"],
)
async def readyz(request: AnyRequest) -> Readiness:
    """Asks both stores. A retention run that did not happen is a warning, not an outage."""
    services: Services = request.app.state["services"]
    await services.metadata.ping()
    await services.engine.raw(Statement("SELECT 1"), "TSV")
    async with services.metadata.reading() as session:
        last_run = await last_good_run(session)
    now = services.clock()
    warnings = []
    if last_run is None or now - last_run > OVERDUE_AFTER:
        warnings.append("RETENTION_OVERDUE")
    if services.engine.set_aside:
        warnings.append("EVENTS_SET_ASIDE")
    return Readiness(
        status="ready",
        node=services.committer.node,
        committed_upto=services.heads.last_received_at,
        directory_lag_events=services.directory.lag_events,
        retention_last_run_at=last_run,
        warnings=warnings,
    )


@get(
    "/metrics",
    opt={"public": True},
    operation_class=public(EXAMPLE_METRICS),
    media_type="text/plain",
    summary="Prometheus metrics",
    tags=["Operations"],
)
async def metrics() -> Response[bytes]:
    """Counts and timings, of all organizations together; nothing of any event."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


ROUTES: list[HTTPRouteHandler] = [healthz, readyz, metrics]
