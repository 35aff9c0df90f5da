"""HTTP of single sign-on: its settings, and the two addresses that browsers are sent to."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import Cookie, State
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.access.seal import Sealer
from trailkeeper.access.signin.cookies import browser_of
from trailkeeper.access.signin.oidc import CALLBACK, Callback, OidcSignIn
from trailkeeper.access.signin.oidc_fault import OidcFault, OidcRefused
from trailkeeper.access.signin.oidc_provider import (
    SingleSignOn,
    delete_single_sign_on,
    get_single_sign_on,
    save_single_sign_on,
)
from trailkeeper.access.signin.oidc_schema import (
    EXAMPLE,
    TEST_EXAMPLE,
    NewSingleSignOn,
    SingleSignOnTest,
    SingleSignOnView,
)
from trailkeeper.access.signin.sessions import Sessions
from trailkeeper.access.signin.tickets import LIFETIME
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import (
    BadRequest,
    NotFound,
    StorageFull,
    TooLarge,
    TooManyRequests,
    TrailkeeperError,
    Unavailable,
)
from trailkeeper.principal import Permission, Principal
from trailkeeper.problem import errors
from trailkeeper.settings import Settings

FLOW_COOKIE: Final = "__Host-trailkeeper-oidc"
FLOW_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")

NEVER_KEPT: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""The addresses of a sign-in hold its code and state."""


AuthenticatedRequest = Request[Principal, Any, State]
AnyRequest = Request[Any, Any, State]

log = structlog.get_logger(__name__)


@get(
    "/organization/single-sign-on",
    guards=[requires(Permission.SECURITY_MANAGE)],
    operation_class=answering(EXAMPLE),
    responses=errors(NotFound, *DENIED),
    summary="Show the organization's single sign-on",
    tags=["Access"],
)
async def get_settings(request: AuthenticatedRequest) -> SingleSignOnView:
    """The provider and whom it may bring in. The client secret is never shown."""
    async with metadata_of(request).reading() as session:
        found = await get_single_sign_on(session, request.user.tenant)
    return _to_view(found, _sign_in(request))


@put(
    "/organization/single-sign-on",
    guards=[requires(Permission.SECURITY_MANAGE)],
    operation_class=answering(EXAMPLE),
    responses=errors(BadRequest, TooLarge, *DENIED, StorageFull),
    summary="Set the organization's single sign-on",
    tags=["Access"],
)
async def put_settings(
    request: AuthenticatedRequest, data: JSONBody[NewSingleSignOn]
) -> SingleSignOnView:
    """Sets all of it; only a client secret that is left out stays, while issuer and client do.

    It decides who anybody in the organization is, so you need every permission yourself.
    Sessions that could not be opened any more end, but for your own.
    """
    sign_in = _sign_in(request)
    sealer: Sealer = request.app.state["sealer"]
    async with metadata_of(request).transaction() as session:
        saved = await save_single_sign_on(
            session,
            request.user.tenant,
            data,
            editor=_editor(request),
            sealer=sealer,
            endpoints=sign_in.providers.endpoints,
            now=now_of(request),
        )
    _forget(request, saved.ended)
    sign_in.providers.forget(saved.settings.issuer)
    return _to_view(saved.settings, sign_in)


@delete(
    "/organization/single-sign-on",
    guards=[requires(Permission.SECURITY_MANAGE)],
    responses=errors(NotFound, *DENIED, StorageFull),
    summary="Remove the organization's single sign-on",
    tags=["Access"],
)
async def delete_settings(request: AuthenticatedRequest) -> None:
    """Forgets the provider and whom it knew, and ends the sessions that it vouched for."""
    async with metadata_of(request).transaction() as session:
        ended = await delete_single_sign_on(
            session, request.user.tenant, editor=_editor(request), now=now_of(request)
        )
    _forget(request, ended)


@post(
    "/organization/single-sign-on/test",
    guards=[requires(Permission.SECURITY_MANAGE)],
    operation_class=answering(TEST_EXAMPLE),
    status_code=200,
    responses=errors(NotFound, *DENIED, StorageFull),
    summary="Test the organization's single sign-on",
    tags=["Access"],
)
async def test_settings(request: AuthenticatedRequest) -> SingleSignOnTest:
    """Asks the provider for its description and its keys, now, and says what came."""
    providers = _sign_in(request).providers
    async with metadata_of(request).reading() as session:
        found = await get_single_sign_on(session, request.user.tenant)
    providers.forget(found.issuer)
    try:
        document = await providers.document(found.issuer)
        keys = await providers.newer_keys(document)
    except OidcRefused as refused:
        return SingleSignOnTest(is_working=False, code=refused.fault, detail=refused.detail)
    warnings = []
    if "S256" not in document.code_challenge_methods_supported:
        warnings.append("The provider does not say that it supports PKCE with S256.")
    if not document.authorization_response_iss_parameter_supported:
        warnings.append("The provider does not say who it is in its answers (RFC 9207).")
    if not keys:
        warnings.append("The provider has no key of a kind that is accepted here.")
    return SingleSignOnTest(
        is_working=bool(keys),
        code=None if keys else OidcFault.ANSWER,
        authorization_endpoint=document.authorization_endpoint,
        token_endpoint=document.token_endpoint,
        keys=len(keys),
        warnings=warnings,
    )


# The two below are for browsers on their way, not for clients: they answer with redirects only,
# also where something is wrong, and are told about in docs/single-sign-on.md.


@get("/sign-in/oidc", opt={"public": True}, include_in_schema=False)
async def begin_sign_in(request: AnyRequest) -> Response[None]:
    """To the organization's provider: `?organization=<id>&return_to=<path>`."""
    try:
        begun = await _sign_in(request).begin(
            _only(request, "organization") or "",
            _only(request, "return_to") or "",
            browser_of(request),
            _flow_token(request),
        )
    except (OidcRefused, TooManyRequests, Unavailable) as error:
        return _failed(request, error)
    return _redirect(begun.location, [_flow_cookie(begun.browser_token)])


@get(CALLBACK, opt={"public": True}, include_in_schema=False)
async def finish_sign_in(request: AnyRequest) -> Response[None]:
    """Back from the provider: to the console, signed in, or to `/sign-in#error=CODE`."""
    sign_in = _sign_in(request)
    try:
        callback = Callback(
            state=_only(request, "state"),
            code=_only(request, "code"),
            issuer=_only(request, "iss"),
            error=_only(request, "error"),
            browser_token=_flow_token(request),
        )
        finished = await sign_in.finish(callback, requester_of(request))
    except (OidcRefused, TooManyRequests, Unavailable) as error:
        return _failed(request, error)
    location = sign_in.public_url + finished.return_to
    return _redirect(location, sign_in.sessions.cookies(finished.opened))


ROUTES: list[HTTPRouteHandler] = [
    get_settings,
    put_settings,
    delete_settings,
    test_settings,
    begin_sign_in,
    finish_sign_in,
]


def _only(request: AnyRequest, name: str) -> str | None:
    """A parameter that is there once. Of two, each hop might believe another one."""
    values = request.query_params.getall(name, [])
    if len(values) > 1:
        raise OidcRefused(OidcFault.STATE, "a parameter came twice")
    return values[0] if values else None


def _flow_token(request: AnyRequest) -> str | None:
    given = request.cookies.get(FLOW_COOKIE, "")
    return given if FLOW_TOKEN.fullmatch(given) else None


def _flow_cookie(token: str) -> Cookie:
    """SameSite=Lax: it has to come along when the provider sends the browser back. All flows
    of one browser share it, so that two tabs do not undo each other."""
    return Cookie(
        key=FLOW_COOKIE,
        value=token,
        path="/",
        max_age=int((LIFETIME + timedelta(minutes=1)).total_seconds()),
        secure=True,
        httponly=True,
        samesite="lax",
    )


def _failed(request: AnyRequest, error: OidcRefused | TrailkeeperError) -> Response[None]:
    """To the console's sign-in page with a code of ours: nothing of what came is repeated."""
    code = error.fault if isinstance(error, OidcRefused) else error.code
    log.info("single_sign_on_failed", code=code, detail=error.detail)
    settings: Settings = request.app.state["settings"]
    return _redirect(f"{settings.public_url}/sign-in#{urlencode({'error': code})}", [])


def _redirect(location: str, cookies: list[Cookie]) -> Response[None]:
    return Response(
        None, status_code=302, headers={**NEVER_KEPT, "Location": location}, cookies=cookies
    )


def _to_view(found: SingleSignOn, sign_in: OidcSignIn) -> SingleSignOnView:
    query = urlencode({"organization": found.organization})
    return SingleSignOnView(
        issuer=found.issuer,
        client_id=found.client_id,
        domains=list(found.domains),
        role_claim=found.role_claim,
        role_mapping=dict(found.role_mapping),
        default_role=found.default_role,
        is_required=found.is_required,
        break_glass_user=found.break_glass_user,
        redirect_uri=sign_in.redirect_uri,
        sign_in_url=f"{sign_in.public_url}/sign-in/oidc?{query}",
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def _forget(request: AuthenticatedRequest, ended: tuple[str, ...]) -> None:
    sessions: Sessions = request.app.state["sessions"]
    if ended:
        sessions.forget_all()


def _editor(request: AuthenticatedRequest) -> Editor:
    return Editor(requester_of(request, request.user), request.user)


def _sign_in(request: AnyRequest) -> OidcSignIn:
    sign_in: OidcSignIn = request.app.state["oidc"]
    return sign_in
