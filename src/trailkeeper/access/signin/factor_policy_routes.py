"""HTTP of what an organization says about its members' second factors."""

from __future__ import annotations

from datetime import timedelta

from litestar import delete, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.access.requesting import DENIED, UserId, editor_of, metadata_of, now_of
from trailkeeper.access.signin.asking import PersonRequest, sessions_of
from trailkeeper.access.signin.factor_policy import get_policy, set_policy
from trailkeeper.access.signin.factor_reset import reset_factors
from trailkeeper.access.signin.factor_routes import settings_of
from trailkeeper.access.signin.factor_schema import (
    POLICY_EXAMPLE,
    PolicyBody,
    PolicyView,
    to_policy_view,
)
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import BadRequest, Conflict, NotFound, StorageFull, TooLarge
from trailkeeper.principal import Permission
from trailkeeper.problem import errors


@get(
    "/organization/second-factor",
    guards=[requires(Permission.SECURITY_MANAGE)],
    operation_class=answering(POLICY_EXAMPLE),
    responses=errors(*DENIED),
    summary="Show whether a second factor is required",
    tags=["Access"],
)
async def get_second_factor(request: PersonRequest) -> PolicyView:
    """From when it is required, and how many members lack one."""
    async with metadata_of(request).reading() as session:
        return to_policy_view(await get_policy(session, request.user.tenant))


@put(
    "/organization/second-factor",
    guards=[requires(Permission.SECURITY_MANAGE)],
    operation_class=answering(POLICY_EXAMPLE),
    responses=errors(BadRequest, TooLarge, *DENIED, StorageFull),
    summary="Require a second factor",
    tags=["Access"],
)
async def put_second_factor(request: PersonRequest, data: JSONBody[PolicyBody]) -> PolicyView:
    """When the grace period is over, whoever lacks a factor can do nothing but set one up.

    Single sign-on is exempt: there the provider is in charge.
    """
    async with metadata_of(request).transaction() as session:
        policy = await set_policy(
            session,
            request.user.tenant,
            requester_of(request, request.user),
            is_required=data.required,
            grace=timedelta(days=data.grace_days),
            now=now_of(request),
        )
    sessions_of(request).forget_all()
    return to_policy_view(policy)


@delete(
    "/users/{user_id:str}/second-factors",
    guards=[requires(Permission.USER_MANAGE)],
    responses=errors(BadRequest, Conflict, NotFound, *DENIED, StorageFull),
    summary="Remove a user's second factors",
    tags=["Access"],
)
async def delete_second_factors(request: PersonRequest, user_id: UserId) -> None:
    """For somebody who lost them: app, passkeys and recovery codes go, all sessions end, the
    owner is told by mail. Not for your own, nor for whoever may do more than you."""
    async with metadata_of(request).transaction() as session:
        person_id = await reset_factors(
            session,
            request.user.tenant,
            user_id,
            editor=editor_of(request),
            public_url=settings_of(request).public_url,
            now=now_of(request),
        )
    sessions_of(request).forget_person(person_id)


ROUTES: list[HTTPRouteHandler] = [
    get_second_factor,
    put_second_factor,
    delete_second_factors,
]
