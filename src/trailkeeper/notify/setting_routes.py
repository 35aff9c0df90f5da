"""HTTP of alert settings."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.errors import BadRequest, Conflict, NotFound, StorageFull, TooLarge
from trailkeeper.notify import examples
from trailkeeper.notify.requesting import NotifyRequest, asker_of
from trailkeeper.notify.schema import (
    AlertSettingChanges,
    AlertSettingList,
    AlertSettingView,
    NewAlertSetting,
    to_setting_view,
)
from trailkeeper.notify.setting_changes import (
    change_setting,
    create_setting,
    delete_setting,
    get_setting,
    list_settings,
)
from trailkeeper.principal import Permission
from trailkeeper.problem import errors

MANAGE = [requires(Permission.CHANNEL_MANAGE)]

SettingId = Annotated[str, PathParameter(description="The alert setting's id.")]


@get(
    "/alert-settings/",
    guards=MANAGE,
    operation_class=answering(examples.ALERT_SETTINGS),
    responses=errors(*DENIED),
    summary="List alert settings",
    tags=["Notify"],
)
async def get_settings(request: NotifyRequest) -> AlertSettingList:
    """All alert settings of the organization, the oldest first."""
    async with metadata_of(request).reading() as session:
        found = await list_settings(session, request.user.tenant)
    return AlertSettingList(items=[to_setting_view(each) for each in found])


@get(
    "/alert-settings/{setting_id:str}",
    guards=MANAGE,
    operation_class=answering(examples.ALERT_SETTING),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Show an alert setting",
    tags=["Notify"],
)
async def get_one_setting(request: NotifyRequest, setting_id: SettingId) -> AlertSettingView:
    """One alert setting."""
    async with metadata_of(request).reading() as session:
        return to_setting_view(await get_setting(session, request.user.tenant, setting_id))


@post(
    "/alert-settings/",
    guards=MANAGE,
    operation_class=answering(examples.ALERT_SETTING, status=201),
    responses=errors(BadRequest, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Create an alert setting",
    tags=["Notify"],
)
async def post_setting(request: NotifyRequest, data: JSONBody[NewAlertSetting]) -> AlertSettingView:
    """Says which alerts reach whom. An alert that several settings mean reaches each channel
    and each person once."""
    async with metadata_of(request).transaction() as session:
        made = await create_setting(
            session,
            request.user.tenant,
            asker_of(request),
            data.name,
            data.plan,
            is_enabled=data.is_enabled,
            now=now_of(request),
        )
    return to_setting_view(made)


@patch(
    "/alert-settings/{setting_id:str}",
    guards=MANAGE,
    operation_class=answering(examples.ALERT_SETTING),
    responses=errors(BadRequest, NotFound, TooLarge, *DENIED, StorageFull),
    summary="Change an alert setting",
    tags=["Notify"],
)
async def patch_setting(
    request: NotifyRequest, setting_id: SettingId, data: JSONBody[AlertSettingChanges]
) -> AlertSettingView:
    """Changes what is given, for alerts to come."""
    async with metadata_of(request).transaction() as session:
        changed = await change_setting(
            session,
            request.user.tenant,
            asker_of(request),
            setting_id,
            now=now_of(request),
            name=data.name,
            is_enabled=data.is_enabled,
            plan=data.plan,
        )
    return to_setting_view(changed)


@delete(
    "/alert-settings/{setting_id:str}",
    guards=MANAGE,
    responses=errors(BadRequest, NotFound, Conflict, *DENIED, StorageFull),
    summary="Delete an alert setting",
    tags=["Notify"],
)
async def remove_setting(request: NotifyRequest, setting_id: SettingId) -> None:
    """Deletes an alert setting that no other escalates to; what it made due is still sent."""
    async with metadata_of(request).transaction() as session:
        await delete_setting(
            session, request.user.tenant, asker_of(request), setting_id, now_of(request)
        )


SETTING_ROUTES: list[HTTPRouteHandler] = [
    get_settings,
    get_one_setting,
    post_setting,
    patch_setting,
    remove_setting,
]
