"""HTTP of deliveries: what went out, what waits, what is dead."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK

from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.access.trail import record
from trailkeeper.errors import BadRequest, Conflict, NotFound, StorageFull
from trailkeeper.notify import examples
from trailkeeper.notify.deliveries import DeliveryState, list_deliveries, retry_dead
from trailkeeper.notify.requesting import Cursor, Limit, NotifyRequest, asker_of
from trailkeeper.notify.schema import DeliveryList, DeliveryView, to_delivery_view
from trailkeeper.principal import Permission
from trailkeeper.problem import errors

DELIVERY: Final = "DELIVERY"
MANAGE = [requires(Permission.CHANNEL_MANAGE)]

DeliveryId = Annotated[str, PathParameter(description="The delivery's id.")]
InState = Annotated[
    DeliveryState | None, QueryParameter(name="state", description="Only those in this state.")
]
OfChannel = Annotated[
    str | None, QueryParameter(description="Only those through this channel.", max_length=64)
]


@get(
    "/deliveries/",
    guards=MANAGE,
    operation_class=answering(examples.DELIVERIES),
    responses=errors(BadRequest, *DENIED),
    summary="List deliveries",
    tags=["Notify"],
)
async def get_deliveries(
    request: NotifyRequest,
    in_state: InState = None,
    channel: OfChannel = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DeliveryList:
    """Alerts on their way through channels, the newest first; `state=dead` are the dead
    letters."""
    async with metadata_of(request).reading() as session:
        page = await list_deliveries(
            session,
            request.user.tenant,
            state=in_state,
            channel=channel,
            limit=limit,
            cursor=cursor,
        )
    return DeliveryList(
        items=[to_delivery_view(each) for each in page.items], next_cursor=page.next_cursor
    )


@post(
    "/deliveries/{delivery_id:str}/retry",
    guards=MANAGE,
    status_code=HTTP_200_OK,
    operation_class=answering(examples.RETRIED),
    responses=errors(BadRequest, NotFound, Conflict, *DENIED, StorageFull),
    summary="Retry a dead delivery",
    tags=["Notify"],
)
async def post_retry(request: NotifyRequest, delivery_id: DeliveryId) -> DeliveryView:
    """Sends a dead delivery again, with all that was in the same message and under its id."""
    tenant = request.user.tenant
    async with metadata_of(request).transaction() as session:
        retried = await retry_dead(session, tenant, delivery_id, now_of(request))
        await record(
            session,
            tenant,
            asker_of(request),
            "RETRY",
            now=now_of(request),
            resource_type=DELIVERY,
            resource_id=delivery_id,
            resource_name=retried.channel_name or "",
            details={"channel": retried.channel},
        )
    return to_delivery_view(retried)


DELIVERY_ROUTES: list[HTTPRouteHandler] = [get_deliveries, post_retry]
