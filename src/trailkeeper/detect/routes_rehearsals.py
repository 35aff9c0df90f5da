"""HTTP of rehearsals."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED

from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.detect import examples
from trailkeeper.detect.rehearsals import Rehearsal, ask_rehearsal, get_rehearsal
from trailkeeper.detect.requesting import (
    DENIED,
    DetectRequest,
    RehearsalId,
    asker_of,
    metadata_of,
    now_of,
)
from trailkeeper.detect.schema import NewRehearsal, RehearsalView, text_of, to_rehearsal_view
from trailkeeper.detect.stored_rules import get_rule
from trailkeeper.errors import (
    BadRequest,
    NotFound,
    StorageFull,
    TooLarge,
    TooManyRequests,
    Unprocessable,
)
from trailkeeper.principal import Permission
from trailkeeper.problem import errors

MANAGE = [requires(Permission.RULE_MANAGE)]

PATIENCE_SECONDS: Final = 2.0
LOOKS_EVERY_SECONDS: Final = 0.1


@post(
    "/rules/rehearse",
    guards=MANAGE,
    status_code=HTTP_202_ACCEPTED,
    operation_class=answering(examples.REHEARSAL, status=202),
    responses=errors(
        BadRequest, NotFound, TooLarge, Unprocessable, TooManyRequests, *DENIED, StorageFull
    ),
    summary="Rehearse a rule",
    tags=["Detect"],
)
async def post_rehearsal(request: DetectRequest, data: JSONBody[NewRehearsal]) -> RehearsalView:
    """Runs a rule over stored history; nothing is raised. Where it is done within two seconds,
    the answer holds the result; else ask for it under its id until `state` is `done`."""
    tenant = request.user.tenant
    async with metadata_of(request).transaction() as session:
        if data.rule_id is not None:
            text = (await get_rule(session, tenant, data.rule_id)).watched.text
        else:
            text = text_of(data)
        asked = await ask_rehearsal(
            session, tenant, asker_of(request), text, data.days, now_of(request)
        )
    return to_rehearsal_view(await _wait(request, asked))


@get(
    "/rules/rehearsals/{rehearsal_id:str}",
    guards=MANAGE,
    operation_class=answering(examples.REHEARSAL),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Show a rehearsal",
    tags=["Detect"],
)
async def get_one_rehearsal(request: DetectRequest, rehearsal_id: RehearsalId) -> RehearsalView:
    """How far it is, and what it found. It is kept for 30 days."""
    async with metadata_of(request).reading() as session:
        return to_rehearsal_view(await get_rehearsal(session, request.user.tenant, rehearsal_id))


REHEARSAL_ROUTES: list[HTTPRouteHandler] = [post_rehearsal, get_one_rehearsal]


async def _wait(request: DetectRequest, rehearsal: Rehearsal) -> Rehearsal:
    """The rehearsal when it is finished, or as it is when patience ends."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while rehearsal.finished_at is None and time.monotonic() < deadline:
        await asyncio.sleep(LOOKS_EVERY_SECONDS)
        async with metadata_of(request).reading() as session:
            rehearsal = await get_rehearsal(session, request.user.tenant, rehearsal.id)
    return rehearsal
