"""HTTP of getting in: first run, sign-in and sign-out, who am I, passwords, sessions."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access.guard import ENROLMENT, known, signed_in
from trailkeeper.access.operation import answering, public
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.access.signin import examples
from trailkeeper.access.signin.asking import (
    BY_ANYONE,
    PersonRequest,
    PublicRequest,
    first_run,
    password_sign_in,
    sessions_of,
)
from trailkeeper.access.signin.cookies import browser_of, no_session_cookie
from trailkeeper.access.signin.csrf import own_form
from trailkeeper.access.signin.everywhere import record_everywhere
from trailkeeper.access.signin.me import read_me, signed_in_answer
from trailkeeper.access.signin.password_routes import ROUTES as PASSWORD_ROUTES
from trailkeeper.access.signin.schema import (
    EndedView,
    MeView,
    SetupBody,
    SetupView,
    SignInBody,
    SignInView,
    SwitchBody,
)
from trailkeeper.access.signin.session_list import end_own_session
from trailkeeper.access.signin.session_routes import ROUTES as SESSION_ROUTES
from trailkeeper.access.signin.sessions import OpenedSession, end_sessions
from trailkeeper.access.signin.setup import FirstPerson, is_setup_needed
from trailkeeper.access.signin.sign_in import Credentials
from trailkeeper.access.signin.switch import switch_organization
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import (
    BadRequest,
    Conflict,
    NotFound,
    StorageFull,
    TooLarge,
    Unauthenticated,
)
from trailkeeper.problem import errors
from trailkeeper.settings import Settings


@get(
    "/setup",
    opt={"public": True},
    operation_class=public(examples.SETUP),
    responses=errors(*DENIED[2:]),
    summary="Is set-up needed",
    tags=["Access"],
)
async def get_setup(request: PublicRequest) -> SetupView:
    """Until somebody can sign in as SUPER_ADMIN, the set-up page is the only one."""
    settings: Settings = request.app.state["settings"]
    async with metadata_of(request).reading() as session:
        return SetupView(needed=await is_setup_needed(session), demo=settings.is_demo)


@post(
    "/setup",
    opt={"public": True},
    guards=[own_form],
    operation_class=public(examples.SIGNED_IN),
    responses=errors(*BY_ANYONE, NotFound, Conflict),
    summary="Set the service up",
    tags=["Access"],
    status_code=200,
)
async def post_setup(request: PublicRequest, data: JSONBody[SetupBody]) -> Response[SignInView]:
    """Makes the first SUPER_ADMIN with the link from the server's terminal, and signs them in."""
    first = FirstPerson(
        token=data.token,
        email=data.email,
        name=data.name,
        password=data.password,
        organization_name=data.organization_name,
    )
    opened = await first_run(request)(first, requester_of(request), browser_of(request))
    return await signed_in_answer(request, opened)


@post(
    "/sign-in",
    opt={"public": True},
    guards=[own_form],
    operation_class=public(examples.SIGNED_IN),
    responses=errors(*BY_ANYONE, Unauthenticated),
    summary="Sign in",
    tags=["Access"],
    status_code=200,
)
async def post_sign_in(request: PublicRequest, data: JSONBody[SignInBody]) -> Response[SignInView]:
    """Opens a session by e-mail and password, or hands out a ticket for the second factor.

    Wrong password, unknown account and an account that may not sign in look the same.
    """
    outcome = await password_sign_in(request)(
        Credentials(
            email=data.email,
            password=data.password,
            organization=data.organization,
            requester=requester_of(request),
            browser=browser_of(request),
        )
    )
    if isinstance(outcome, OpenedSession):
        return await signed_in_answer(request, outcome)
    return Response(
        SignInView(
            status="second_factor_needed",
            ticket=outcome.ticket,
            methods=sorted(outcome.methods),
        )
    )


@post(
    "/sign-out",
    guards=[signed_in()],
    opt={ENROLMENT: True},
    operation_class=answering(None, status=204),
    responses=errors(*DENIED, NotFound, StorageFull),
    summary="Sign out",
    tags=["Access"],
    status_code=204,
)
async def post_sign_out(request: PersonRequest) -> Response[None]:
    """Ends the session and takes its cookie away."""
    session_id = request.user.session_id or ""
    async with metadata_of(request).transaction() as session:
        await end_own_session(
            session, request.user, session_id, requester_of(request, request.user), now_of(request)
        )
    sessions_of(request).forget(session_id)
    return Response(None, status_code=204, cookies=[no_session_cookie()])


@post(
    "/me/sign-out-everywhere",
    guards=[signed_in()],
    opt={ENROLMENT: True},
    operation_class=answering(examples.ENDED),
    responses=errors(*DENIED, StorageFull),
    summary="Sign out everywhere",
    tags=["Access"],
    status_code=200,
)
async def post_sign_out_everywhere(request: PersonRequest) -> Response[EndedView]:
    """Ends all sessions of the person, this one too, in all their organizations."""
    person_id = request.user.person_id or ""
    now = now_of(request)
    async with metadata_of(request).transaction() as session:
        ended = await end_sessions(session, person_id, now=now)
        await record_everywhere(
            session,
            person_id,
            requester_of(request, request.user),
            "LOGOUT",
            now=now,
            is_by_person=True,
            details={"is_everywhere": True, "sessions_ended": len(ended)},
        )
    sessions_of(request).forget_person(person_id)
    return Response(EndedView(ended=len(ended)), status_code=200, cookies=[no_session_cookie()])


@get(
    "/me",
    guards=[known()],
    opt={ENROLMENT: True},
    operation_class=answering(examples.ME),
    responses=errors(*DENIED),
    summary="Who am I",
    tags=["Access"],
)
async def get_me(request: PersonRequest) -> MeView:
    """Who asks, what they may do, and the token that requests which change something need."""
    return await read_me(metadata_of(request), sessions_of(request), request.user)


@post(
    "/me/organization",
    guards=[signed_in()],
    opt={ENROLMENT: True},
    operation_class=answering(examples.SIGNED_IN),
    responses=errors(BadRequest, NotFound, TooLarge, *DENIED, StorageFull),
    summary="Go to another organization",
    tags=["Access"],
    status_code=200,
)
async def post_own_organization(
    request: PersonRequest, data: JSONBody[SwitchBody]
) -> Response[SignInView]:
    """Changes to another organization of the person; the session is a new one from then on."""
    async with metadata_of(request).transaction() as session:
        opened = await switch_organization(
            session,
            sessions_of(request),
            request.user,
            data.organization,
            requester_of(request, request.user),
            browser_of(request),
            now_of(request),
        )
    return await signed_in_answer(request, opened)


ROUTES: list[HTTPRouteHandler] = [
    get_setup,
    post_setup,
    post_sign_in,
    post_sign_out,
    post_sign_out_everywhere,
    get_me,
    post_own_organization,
    *PASSWORD_ROUTES,
    *SESSION_ROUTES,
]
