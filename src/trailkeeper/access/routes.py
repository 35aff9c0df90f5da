"""HTTP of the access room: the organization's settings."""

from __future__ import annotations

from litestar import get, patch
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access import examples
from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.access.organizations import OrganizationChanges, get_organization
from trailkeeper.access.requesting import DENIED, PeopleRequest, metadata_of, now_of
from trailkeeper.access.schema import OrganizationView, to_organization_view
from trailkeeper.access.settings_changes import change_settings
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import BadRequest, StorageFull, TooLarge
from trailkeeper.principal import Permission
from trailkeeper.problem import errors


@get(
    "/organization",
    guards=[requires(Permission.SETTINGS_VIEW)],
    operation_class=answering(examples.ORGANIZATION),
    responses=errors(*DENIED),
    summary="Show the organization's settings",
    tags=["Access"],
)
async def get_own_organization(request: PeopleRequest) -> OrganizationView:
    """The settings of the organization of whoever asks."""
    async with metadata_of(request).reading() as session:
        organization = await get_organization(session, request.user.organization)
    return to_organization_view(organization)


@patch(
    "/organization",
    guards=[requires(Permission.SETTINGS_MANAGE)],
    operation_class=answering(examples.ORGANIZATION),
    responses=errors(BadRequest, TooLarge, *DENIED, StorageFull),
    summary="Change the organization's settings",
    tags=["Access"],
)
async def patch_own_organization(
    request: PeopleRequest, data: JSONBody[OrganizationChanges]
) -> OrganizationView:
    """Changes what is given and leaves the rest; a list replaces the whole list."""
    async with metadata_of(request).transaction() as session:
        organization = await change_settings(
            session, request.user.tenant, requester_of(request, request.user), data, now_of(request)
        )
    return to_organization_view(organization)


ROUTES: list[HTTPRouteHandler] = [
    get_own_organization,
    patch_own_organization,
]
