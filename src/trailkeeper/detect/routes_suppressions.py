"""HTTP of what is expected."""

from __future__ import annotations

from litestar import delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.detect import examples
from trailkeeper.detect.requesting import (
    DENIED,
    DetectRequest,
    SuppressionId,
    asker_of,
    metadata_of,
    now_of,
)
from trailkeeper.detect.schema_detections import (
    NewSuppression,
    SuppressionList,
    SuppressionView,
    to_suppression_view,
)
from trailkeeper.detect.suppress import add_suppression, list_suppressions, remove_suppression
from trailkeeper.errors import BadRequest, NotFound, StorageFull, TooLarge
from trailkeeper.principal import Permission
from trailkeeper.problem import errors


@get(
    "/suppressions/",
    guards=[requires(Permission.RULE_VIEW)],
    operation_class=answering(examples.SUPPRESSIONS),
    responses=errors(*DENIED),
    summary="List what is expected",
    tags=["Detect"],
)
async def get_suppressions(request: DetectRequest) -> SuppressionList:
    """Those that have ended, too; the last to end comes first."""
    async with metadata_of(request).reading() as session:
        found = await list_suppressions(session, request.user.tenant)
    return SuppressionList(items=[to_suppression_view(each) for each in found])


@post(
    "/suppressions/",
    guards=[requires(Permission.RULE_MANAGE)],
    operation_class=answering(examples.SUPPRESSION, status=201),
    responses=errors(BadRequest, NotFound, TooLarge, *DENIED, StorageFull),
    summary="Say what is expected",
    tags=["Detect"],
)
async def post_suppression(
    request: DetectRequest, data: JSONBody[NewSuppression]
) -> SuppressionView:
    """Detections that consist of nothing else are kept as resolved, and told to nobody."""
    async with metadata_of(request).transaction() as session:
        added = await add_suppression(
            session,
            request.user.tenant,
            asker_of(request),
            rule_id=data.rule_id,
            subject=data.subject,
            value=data.value,
            reason=data.reason,
            ends_at=data.ends_at,
            now=now_of(request),
        )
    return to_suppression_view(added)


@delete(
    "/suppressions/{suppression_id:str}",
    guards=[requires(Permission.RULE_MANAGE)],
    responses=errors(BadRequest, NotFound, *DENIED, StorageFull),
    summary="Expect it no longer",
    tags=["Detect"],
)
async def delete_suppression(request: DetectRequest, suppression_id: SuppressionId) -> None:
    """From now on it is told again. What it was about stays on the record."""
    async with metadata_of(request).transaction() as session:
        await remove_suppression(
            session, request.user.tenant, asker_of(request), suppression_id, now_of(request)
        )


SUPPRESSION_ROUTES: list[HTTPRouteHandler] = [
    get_suppressions,
    post_suppression,
    delete_suppression,
]
