"""HTTP of channels."""

from __future__ import annotations

from datetime import timedelta

from litestar import delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.errors import (
    BadRequest,
    Conflict,
    NotFound,
    StorageFull,
    TooLarge,
    TooManyRequests,
    Unprocessable,
)
from trailkeeper.notify import examples
from trailkeeper.notify.channel_changes import (
    change_channel,
    create_channel,
    delete_channel,
    get_channel,
    list_channels,
    rotate_secret,
)
from trailkeeper.notify.requesting import ChannelId, NotifyRequest, asker_of, notifier_of
from trailkeeper.notify.schema import (
    ChannelChanges,
    ChannelList,
    ChannelView,
    IssuedChannelView,
    NewChannel,
    SecretRotation,
    TrialView,
    to_channel_view,
    to_issued_channel_view,
    to_trial_view,
)
from trailkeeper.notify.trial import try_channel
from trailkeeper.principal import Permission
from trailkeeper.problem import errors

MANAGE = [requires(Permission.CHANNEL_MANAGE)]


@get(
    "/channels/",
    guards=MANAGE,
    operation_class=answering(examples.CHANNELS),
    responses=errors(*DENIED),
    summary="List channels",
    tags=["Notify"],
)
async def get_channels(request: NotifyRequest) -> ChannelList:
    """All channels of the organization, the oldest first, without their secrets."""
    async with metadata_of(request).reading() as session:
        channels = await list_channels(session, request.user.tenant)
    return ChannelList(items=[to_channel_view(each) for each in channels])


@get(
    "/channels/{channel_id:str}",
    guards=MANAGE,
    operation_class=answering(examples.CHANNEL),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Show a channel",
    tags=["Notify"],
)
async def get_one_channel(request: NotifyRequest, channel_id: ChannelId) -> ChannelView:
    """One channel, without its secret."""
    async with metadata_of(request).reading() as session:
        return to_channel_view(await get_channel(session, request.user.tenant, channel_id))


@post(
    "/channels/",
    guards=MANAGE,
    operation_class=answering(examples.ISSUED_CHANNEL, status=201),
    responses=errors(BadRequest, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Create a channel",
    tags=["Notify"],
)
async def post_channel(request: NotifyRequest, data: JSONBody[NewChannel]) -> IssuedChannelView:
    """Makes a channel. Its address is sealed and never shown again; a secret that was made for
    a webhook is in this answer alone."""
    async with metadata_of(request).transaction() as session:
        issued = await create_channel(
            session,
            notifier_of(request).sealer,
            request.user.tenant,
            asker_of(request),
            data.name,
            data.target,
            created_by=request.user.actor,
            per_minute=data.per_minute,
            is_enabled=data.is_enabled,
            now=now_of(request),
        )
    return to_issued_channel_view(issued.channel, issued.secret)


@patch(
    "/channels/{channel_id:str}",
    guards=MANAGE,
    operation_class=answering(examples.CHANNEL),
    responses=errors(BadRequest, NotFound, TooLarge, *DENIED, StorageFull),
    summary="Change a channel",
    tags=["Notify"],
)
async def patch_channel(
    request: NotifyRequest, channel_id: ChannelId, data: JSONBody[ChannelChanges]
) -> ChannelView:
    """Changes what is given. A channel that is off keeps what waits until it is on again."""
    async with metadata_of(request).transaction() as session:
        changed = await change_channel(
            session,
            notifier_of(request).sealer,
            request.user.tenant,
            asker_of(request),
            channel_id,
            now=now_of(request),
            name=data.name,
            is_enabled=data.is_enabled,
            per_minute=data.per_minute,
            target=data.target,
        )
    return to_channel_view(changed)


@post(
    "/channels/{channel_id:str}/rotate-secret",
    guards=MANAGE,
    operation_class=answering(examples.ISSUED_CHANNEL, status=201),
    responses=errors(BadRequest, NotFound, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Rotate a webhook's secret",
    tags=["Notify"],
)
async def post_secret_rotation(
    request: NotifyRequest, channel_id: ChannelId, data: JSONBody[SecretRotation]
) -> IssuedChannelView:
    """Makes another secret for a webhook. For `overlap_hours` messages bear both signatures.
    `secret` in the answer is shown this once."""
    async with metadata_of(request).transaction() as session:
        issued = await rotate_secret(
            session,
            notifier_of(request).sealer,
            request.user.tenant,
            asker_of(request),
            channel_id,
            overlap=timedelta(hours=data.overlap_hours),
            now=now_of(request),
        )
    return to_issued_channel_view(issued.channel, issued.secret)


@post(
    "/channels/{channel_id:str}/test",
    guards=MANAGE,
    status_code=HTTP_200_OK,
    operation_class=answering(examples.TRIAL),
    responses=errors(BadRequest, NotFound, Unprocessable, TooManyRequests, *DENIED, StorageFull),
    summary="Test a channel",
    tags=["Notify"],
)
async def post_test(request: NotifyRequest, channel_id: ChannelId) -> TrialView:
    """Sends a test message now, also through a channel that is off, and answers what the far
    end said. Mail and inbox reach whoever asks."""
    trial = await try_channel(notifier_of(request), request.user, asker_of(request), channel_id)
    return to_trial_view(trial)


@delete(
    "/channels/{channel_id:str}",
    guards=MANAGE,
    responses=errors(BadRequest, NotFound, Conflict, *DENIED, StorageFull),
    summary="Delete a channel",
    tags=["Notify"],
)
async def remove_channel(request: NotifyRequest, channel_id: ChannelId) -> None:
    """Deletes a channel that no alert setting uses; what still waited for it is dead."""
    async with metadata_of(request).transaction() as session:
        await delete_channel(
            session, request.user.tenant, asker_of(request), channel_id, now_of(request)
        )


CHANNEL_ROUTES: list[HTTPRouteHandler] = [
    get_channels,
    get_one_channel,
    post_channel,
    patch_channel,
    post_secret_rotation,
    post_test,
    remove_channel,
]
