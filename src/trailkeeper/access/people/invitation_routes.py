"""HTTP of invitations: sent by who manages users, accepted by whom they are for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access import examples
from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering, public
from trailkeeper.access.people.accepting import Acceptance, Invitations
from trailkeeper.access.people.invitations import (
    Invitation,
    Invitee,
    invite,
    list_invitations,
    resend,
    revoke,
)
from trailkeeper.access.requesting import (
    DENIED,
    PeopleRequest,
    UserId,
    clock_of,
    editor_of,
    metadata_of,
    now_of,
)
from trailkeeper.access.signin import examples as sign_in_examples
from trailkeeper.access.signin.asking import BY_ANYONE, PublicRequest, sessions_of
from trailkeeper.access.signin.attempts import Attempts
from trailkeeper.access.signin.cookies import SESSION_COOKIE, browser_of
from trailkeeper.access.signin.csrf import check_not_forged, own_form
from trailkeeper.access.signin.me import signed_in_answer
from trailkeeper.access.signin.schema import Email, Name, Password, SignInView, Token
from trailkeeper.access.signin.sessions import OpenedSession
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import (
    BadRequest,
    Conflict,
    NotFound,
    StorageFull,
    TooLarge,
    Unauthenticated,
)
from trailkeeper.principal import Permission, Principal
from trailkeeper.problem import errors
from trailkeeper.settings import Settings


class NewInvitation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who shall come in, and as what.

    `user_id` is the id that the platform's events have for them; without it, the user whom
    the platform told of under this e-mail, else a new id.
    """

    email: Email
    name: Name
    role: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    user_id: Annotated[str, msgspec.Meta(min_length=1, max_length=500)] | None = None


class TokenBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`token` is what follows the # of the mailed link."""

    token: Token


class AcceptBody(TokenBody, forbid_unknown_fields=True, kw_only=True):
    """A new account needs `password`; an existing one its own, or a session of its owner."""

    name: Name | None = None
    password: Password | None = None


class InvitationView(msgspec.Struct, kw_only=True):
    """An invitation that was neither accepted nor revoked.

    `is_expired`: its link is no good any more, by its age or because the e-mail was changed.
    """

    user_id: str
    email: str
    name: str
    role: str | None
    invited_at: datetime
    expires_at: datetime
    is_expired: bool


class InvitationList(msgspec.Struct, kw_only=True):
    items: list[InvitationView]


class OpenInvitationView(msgspec.Struct, kw_only=True):
    """What the holder of a link may know. `organization` is its name."""

    organization: str
    email: str
    name: str
    role: str | None
    has_account: bool
    expires_at: datetime


@post(
    "/invitations/",
    guards=[requires(Permission.USER_MANAGE)],
    operation_class=answering(examples.INVITATION, status=201),
    responses=errors(BadRequest, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Invite someone",
    tags=["Access"],
)
async def post_invitation(request: PeopleRequest, data: JSONBody[NewInvitation]) -> InvitationView:
    """Mails a link that works once, for seven days. The role cannot be wider than your own."""
    async with metadata_of(request).transaction() as session:
        invitation = await invite(
            session,
            request.user.tenant,
            Invitee(data.email, data.name, data.role, data.user_id),
            editor=editor_of(request),
            public_url=_public_url(request),
            now=now_of(request),
        )
    return to_view(invitation, now_of(request))


@get(
    "/invitations/",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=answering(examples.INVITATIONS),
    responses=errors(*DENIED),
    summary="List invitations",
    tags=["Access"],
)
async def get_invitations(request: PeopleRequest) -> InvitationList:
    """All that were neither accepted nor revoked, expired ones too, the newest first."""
    async with metadata_of(request).reading() as session:
        invitations = await list_invitations(session, request.user.tenant)
    return InvitationList(items=[to_view(each, now_of(request)) for each in invitations])


@post(
    "/invitations/{user_id:str}/resend",
    guards=[requires(Permission.USER_MANAGE)],
    operation_class=answering(examples.INVITATION),
    responses=errors(BadRequest, NotFound, *DENIED, StorageFull),
    status_code=200,
    summary="Send an invitation again",
    tags=["Access"],
)
async def post_resend(request: PeopleRequest, user_id: UserId) -> InvitationView:
    """Mails a new link, good for seven days more; the old one is void at once."""
    async with metadata_of(request).transaction() as session:
        invitation = await resend(
            session,
            request.user.tenant,
            user_id,
            editor=editor_of(request),
            public_url=_public_url(request),
            now=now_of(request),
        )
    return to_view(invitation, now_of(request))


@delete(
    "/invitations/{user_id:str}",
    guards=[requires(Permission.USER_MANAGE)],
    responses=errors(BadRequest, NotFound, *DENIED, StorageFull),
    summary="Revoke an invitation",
    tags=["Access"],
)
async def delete_invitation(request: PeopleRequest, user_id: UserId) -> None:
    """The link is void at once; the user is again what they were before."""
    async with metadata_of(request).transaction() as session:
        await revoke(
            session, request.user.tenant, user_id, editor=editor_of(request), now=now_of(request)
        )


@post(
    "/invitations/read",
    opt={"public": True},
    guards=[own_form],
    operation_class=public(examples.OPEN_INVITATION),
    responses=errors(*BY_ANYONE, NotFound),
    status_code=200,
    summary="Look at an invitation",
    tags=["Access"],
)
async def post_read(request: PublicRequest, data: JSONBody[TokenBody]) -> OpenInvitationView:
    """What a link is good for, without using it up."""
    found = await _invitations(request).read(data.token, requester_of(request))
    return OpenInvitationView(
        organization=found.organization,
        email=found.member.email,
        name=found.member.name,
        role=found.member.role,
        has_account=found.has_account,
        expires_at=found.expires_at,
    )


@post(
    "/invitations/accept",
    opt={"public": True},
    guards=[own_form],
    operation_class=public(sign_in_examples.SIGNED_IN),
    responses=errors(*BY_ANYONE, Unauthenticated, NotFound, Conflict),
    status_code=200,
    summary="Accept an invitation",
    tags=["Access"],
)
async def post_accept(request: PublicRequest, data: JSONBody[AcceptBody]) -> Response[SignInView]:
    """Makes the account and signs in, or hands out a ticket for the second factor.

    Where the e-mail has an account, it shows its password or comes with a session of its own;
    the link alone is not enough, and the password stays as it is.
    """
    outcome = await _invitations(request).accept(
        Acceptance(
            token=data.token,
            name=data.name,
            password=data.password,
            principal=await _signed_in(request),
            requester=requester_of(request),
            browser=browser_of(request),
        )
    )
    if isinstance(outcome, OpenedSession):
        return await signed_in_answer(request, outcome)
    return Response(
        SignInView(
            status="second_factor_needed", ticket=outcome.ticket, methods=sorted(outcome.methods)
        )
    )


async def _signed_in(request: PublicRequest) -> Principal | None:
    """Whom the request's cookie shows, if anyone; with the session's CSRF token beside it."""
    cookie = request.cookies.get(SESSION_COOKIE)
    if not cookie:
        return None
    sessions = sessions_of(request)
    try:
        principal = await sessions.authenticate(cookie, clock_of(request)())
    except Unauthenticated:
        return None
    check_not_forged(request, sessions.csrf_token(principal.session_id or ""))
    return principal


def to_view(invitation: Invitation, now: datetime) -> InvitationView:
    return InvitationView(
        user_id=invitation.member.user_id,
        email=invitation.member.email,
        name=invitation.member.name,
        role=invitation.member.role,
        invited_at=invitation.invited_at,
        expires_at=invitation.expires_at,
        is_expired=invitation.is_void or invitation.expires_at <= now,
    )


def _invitations(request: PublicRequest) -> Invitations:
    metadata = metadata_of(request)
    return Invitations(
        metadata,
        request.app.state["passwords"],
        Attempts(metadata),
        sessions_of(request),
        clock_of(request),
    )


def _public_url(request: PeopleRequest) -> str:
    settings: Settings = request.app.state["settings"]
    return settings.public_url


ROUTES: list[HTTPRouteHandler] = [
    post_invitation,
    get_invitations,
    post_resend,
    delete_invitation,
    post_read,
    post_accept,
]
