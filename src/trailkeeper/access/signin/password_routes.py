"""HTTP of passwords: reset by mail, change by whoever is signed in."""

from __future__ import annotations

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access.guard import signed_in
from trailkeeper.access.operation import public
from trailkeeper.access.requesting import DENIED
from trailkeeper.access.signin import examples
from trailkeeper.access.signin.asking import (
    BY_ANYONE,
    PersonRequest,
    PublicRequest,
    resets_of,
    sessions_of,
)
from trailkeeper.access.signin.cookies import browser_of, device_cookie
from trailkeeper.access.signin.csrf import own_form
from trailkeeper.access.signin.schema import (
    AcceptedView,
    ChangePasswordBody,
    ConfirmResetBody,
    ResetBody,
)
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import (
    BadRequest,
    NotFound,
    StorageFull,
    TooLarge,
    TooManyRequests,
    Unprocessable,
)
from trailkeeper.problem import errors


@post(
    "/password-resets",
    opt={"public": True},
    guards=[own_form],
    operation_class=public(examples.ACCEPTED, status=202),
    responses=errors(*BY_ANYONE),
    summary="Ask for a mail to reset the password",
    tags=["Access"],
    status_code=202,
)
async def post_reset(request: PublicRequest, data: JSONBody[ResetBody]) -> AcceptedView:
    """Always the same answer: whether there is such an account is nobody's business.

    Where there is one, it gets a mail with a link that is good once, for 30 minutes.
    """
    await resets_of(request).ask(data.email, requester_of(request))
    return AcceptedView()


@post(
    "/password-resets/confirm",
    opt={"public": True},
    guards=[own_form],
    operation_class=public(),
    responses=errors(*BY_ANYONE, NotFound),
    summary="Set a new password with the mailed link",
    tags=["Access"],
    status_code=204,
)
async def post_reset_confirmation(
    request: PublicRequest, data: JSONBody[ConfirmResetBody]
) -> Response[None]:
    """Sets the password and ends all sessions. It signs nobody in: that is the next step."""
    person_id, device_token = await resets_of(request).confirm(
        data.token, data.password, requester_of(request), browser_of(request)
    )
    sessions_of(request).forget_person(person_id)
    return Response(None, status_code=204, cookies=[device_cookie(device_token)])


@post(
    "/me/password",
    guards=[signed_in()],
    responses=errors(BadRequest, TooLarge, Unprocessable, TooManyRequests, *DENIED, StorageFull),
    summary="Change the own password",
    tags=["Access"],
    status_code=204,
)
async def post_own_password(request: PersonRequest, data: JSONBody[ChangePasswordBody]) -> None:
    """Changes the password and ends all other sessions of the person."""
    await resets_of(request).change(
        request.user, data.current_password, data.new_password, requester_of(request, request.user)
    )
    sessions_of(request).forget_person(request.user.person_id or "")


ROUTES: list[HTTPRouteHandler] = [post_reset, post_reset_confirmation, post_own_password]
