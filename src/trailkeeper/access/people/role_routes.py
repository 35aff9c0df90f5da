"""HTTP of roles: the built-in ones, the organization's own, and what there is to permit."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter
from msgspec import UNSET, UnsetType

from trailkeeper.access import examples
from trailkeeper.access.guard import known, requires
from trailkeeper.access.operation import answering
from trailkeeper.access.people.roles import (
    Role,
    create_role,
    delete_role,
    holders_of,
    list_roles,
    update_role,
)
from trailkeeper.access.requesting import (
    DENIED,
    PeopleRequest,
    editor_of,
    metadata_of,
    now_of,
)
from trailkeeper.access.roles import PERMISSION_TITLES
from trailkeeper.access.signin.sessions import Sessions
from trailkeeper.errors import BadRequest, Conflict, NotFound, StorageFull, TooLarge
from trailkeeper.principal import IMPLIED, Permission
from trailkeeper.problem import errors

RoleName = Annotated[str, PathParameter(description="The role's name.")]
Description = Annotated[str, msgspec.Meta(max_length=500)]


class PermissionView(msgspec.Struct, kw_only=True):
    """Something that can be permitted, and what it includes."""

    name: Permission
    description: str
    implies: Permission | None


class PermissionList(msgspec.Struct, kw_only=True):
    items: list[PermissionView]


class RoleView(msgspec.Struct, kw_only=True):
    """A role and how many members hold it, deleted ones left out."""

    name: str
    description: str
    permissions: list[Permission]
    is_built_in: bool
    members: int


class RoleList(msgspec.Struct, kw_only=True):
    items: list[RoleView]


class NewRole(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An own role. Its name is in capitals: AUDITOR, FIRST_LINE."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    permissions: list[Permission]
    description: Description = ""


class RoleChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to change; what is left out stays. `permissions` replaces the whole set."""

    permissions: list[Permission] | UnsetType = UNSET
    description: Description | UnsetType = UNSET


@get(
    "/permissions",
    guards=[known()],
    operation_class=answering(examples.PERMISSIONS),
    responses=errors(*DENIED),
    summary="List permissions",
    tags=["Access"],
)
async def get_permissions(request: PeopleRequest) -> PermissionList:
    """Everything that a role or a key may be given, and what it means."""
    return PermissionList(items=[to_permission_view(each) for each in Permission])


@get(
    "/roles/",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=answering(examples.ROLES),
    responses=errors(*DENIED),
    summary="List roles",
    tags=["Access"],
)
async def get_roles(request: PeopleRequest) -> RoleList:
    """The built-in roles, the widest first; then the organization's own, by name."""
    tenant = request.user.tenant
    async with metadata_of(request).reading() as session:
        roles = await list_roles(session, tenant)
        holders = await holders_of(session, tenant)
    return RoleList(items=[to_role_view(role, holders.get(role.name, 0)) for role in roles])


@post(
    "/roles/",
    guards=[requires(Permission.ROLE_MANAGE)],
    operation_class=answering(examples.ROLE, status=201),
    responses=errors(BadRequest, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Create a role",
    tags=["Access"],
)
async def post_role(request: PeopleRequest, data: JSONBody[NewRole]) -> RoleView:
    """Adds an own role. It can hold no more than you may do yourself."""
    async with metadata_of(request).transaction() as session:
        role = await create_role(
            session,
            request.user.tenant,
            data.name,
            data.permissions,
            editor=editor_of(request),
            now=now_of(request),
            description=data.description,
        )
    return to_role_view(role, 0)


@patch(
    "/roles/{name:str}",
    guards=[requires(Permission.ROLE_MANAGE)],
    operation_class=answering(examples.ROLE),
    responses=errors(BadRequest, NotFound, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Change a role",
    tags=["Access"],
)
async def patch_role(
    request: PeopleRequest, name: RoleName, data: JSONBody[RoleChanges]
) -> RoleView:
    """Changes an own role, for everyone who holds it: at once here, within 5 s elsewhere."""
    tenant = request.user.tenant
    async with metadata_of(request).transaction() as session:
        role = await update_role(
            session,
            tenant,
            name,
            editor=editor_of(request),
            now=now_of(request),
            permissions=None if data.permissions is UNSET else data.permissions,
            description=None if data.description is UNSET else data.description,
        )
        holders = await holders_of(session, tenant)
    sessions: Sessions = request.app.state["sessions"]
    sessions.forget_all()
    return to_role_view(role, holders.get(name, 0))


@delete(
    "/roles/{name:str}",
    guards=[requires(Permission.ROLE_MANAGE)],
    responses=errors(BadRequest, NotFound, Conflict, *DENIED, StorageFull),
    summary="Delete a role",
    tags=["Access"],
)
async def remove_role(request: PeopleRequest, name: RoleName) -> None:
    """Removes an own role that nobody holds."""
    async with metadata_of(request).transaction() as session:
        await delete_role(
            session, request.user.tenant, name, editor=editor_of(request), now=now_of(request)
        )


def to_permission_view(permission: Permission) -> PermissionView:
    return PermissionView(
        name=permission,
        description=PERMISSION_TITLES[permission],
        implies=IMPLIED.get(permission),
    )


def to_role_view(role: Role, members: int) -> RoleView:
    return RoleView(
        name=role.name,
        description=role.description,
        permissions=sorted(role.permissions),
        is_built_in=role.is_built_in,
        members=members,
    )


ROUTES: list[HTTPRouteHandler] = [get_permissions, get_roles, post_role, patch_role, remove_role]
