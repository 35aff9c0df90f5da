"""HTTP of passkeys: the own ones, and signing in with one."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from trailkeeper.access.guard import signed_in
from trailkeeper.access.operation import answering, public
from trailkeeper.access.requesting import DENIED, clock_of, metadata_of, now_of
from trailkeeper.access.signin.asking import BY_ANYONE, PersonRequest, PublicRequest, sessions_of
from trailkeeper.access.signin.cookies import browser_of
from trailkeeper.access.signin.csrf import own_form
from trailkeeper.access.signin.examples import SIGNED_IN
from trailkeeper.access.signin.factor_changes import (
    added_passkey,
    lock_factors,
    record_passkey,
    removed_passkey,
)
from trailkeeper.access.signin.factor_routes import (
    CHANGING,
    ENROLLING,
    actor_of,
    person_of,
    sealer_of,
    settings_of,
)
from trailkeeper.access.signin.factor_schema import (
    REQUEST_OPTIONS_EXAMPLE,
    MaybeProofBody,
    OptionsView,
)
from trailkeeper.access.signin.me import signed_in_answer
from trailkeeper.access.signin.passkey_schema import (
    CREATION_OPTIONS_EXAMPLE,
    NEW_PASSKEY_EXAMPLE,
    PASSKEY_EXAMPLE,
    PASSKEYS_EXAMPLE,
    NewPasskeyBody,
    NewPasskeyView,
    PasskeyList,
    PasskeySignInBody,
    PasskeyView,
    RenameBody,
    to_passkey_view,
)
from trailkeeper.access.signin.passkey_sign_in import PasskeyAnswer, PasskeySignIn
from trailkeeper.access.signin.passkeys import (
    add_passkey,
    passkeys_of,
    remove_passkey,
    rename_passkey,
)
from trailkeeper.access.signin.proof import check_recent_proof
from trailkeeper.access.signin.schema import SignInView
from trailkeeper.access.signin.tickets import TicketPurpose, issue_ticket, take_ticket
from trailkeeper.access.signin.webauthn_ceremony import (
    CeremonyRefused,
    NewCredential,
    RelyingParty,
    new_challenge,
    registration_options,
    verify_registration,
)
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    StorageFull,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    UnsupportedMedia,
)
from trailkeeper.problem import errors

PasskeyId = Annotated[str, PathParameter(description="The passkey's id, as in the list.")]


@post(
    "/me/passkeys/options",
    guards=[signed_in()],
    opt=ENROLLING,
    status_code=200,
    operation_class=answering(CREATION_OPTIONS_EXAMPLE),
    responses=errors(Conflict, *CHANGING),
    summary="Begin to add a passkey",
    tags=["Access"],
)
async def post_options(request: PersonRequest, data: JSONBody[MaybeProofBody]) -> OptionsView:
    """Options for `navigator.credentials.create`, good for one answer within ten minutes."""
    party = RelyingParty.at(settings_of(request).public_url)
    await check_recent_proof(request, data.current_password)
    person_id, challenge = person_of(request), new_challenge()
    async with metadata_of(request).transaction() as session:
        known = [each.hint for each in await passkeys_of(session, person_id)]
        ticket = await issue_ticket(
            session,
            TicketPurpose.PASSKEY_ENROLMENT,
            now=now_of(request),
            person=person_id,
            organization=request.user.organization,
            payload={"challenge": challenge, "session": request.user.session_id},
        )
    options = registration_options(party, person_id, request.user.email, challenge, known)
    return OptionsView(ticket=ticket, public_key=options)


@post(
    "/me/passkeys",
    guards=[signed_in()],
    opt=ENROLLING,
    operation_class=answering(NEW_PASSKEY_EXAMPLE, status=201),
    responses=errors(Conflict, *CHANGING),
    summary="Add a passkey",
    tags=["Access"],
)
async def post_passkey(request: PersonRequest, data: JSONBody[NewPasskeyBody]) -> NewPasskeyView:
    """Registers what the browser made. With your first factor, your other sessions end."""
    credential = await _registered(request, data)
    actor = actor_of(request)
    async with metadata_of(request).transaction() as session:
        had = await lock_factors(session, actor.person_id)
        passkey = await add_passkey(session, actor.person_id, data.name, credential, actor.now)
        enrolled = await added_passkey(session, actor, had, passkey)
    sessions_of(request).forget_person(actor.person_id)
    return NewPasskeyView(
        passkey=to_passkey_view(passkey), recovery_codes=list(enrolled.recovery_codes)
    )


@get(
    "/me/passkeys",
    guards=[signed_in()],
    opt=ENROLLING,
    operation_class=answering(PASSKEYS_EXAMPLE),
    responses=errors(*DENIED),
    summary="List your passkeys",
    tags=["Access"],
)
async def get_passkeys(request: PersonRequest) -> PasskeyList:
    """Your passkeys, the oldest first."""
    async with metadata_of(request).reading() as session:
        found = await passkeys_of(session, person_of(request))
    return PasskeyList(items=[to_passkey_view(each) for each in found])


@patch(
    "/me/passkeys/{passkey_id:str}",
    guards=[signed_in()],
    operation_class=answering(PASSKEY_EXAMPLE),
    responses=errors(NotFound, *CHANGING),
    summary="Rename a passkey",
    tags=["Access"],
)
async def patch_passkey(
    request: PersonRequest, passkey_id: PasskeyId, data: JSONBody[RenameBody]
) -> PasskeyView:
    """The name is for you, to tell your passkeys apart."""
    actor = actor_of(request)
    async with metadata_of(request).transaction() as session:
        before, after = await rename_passkey(session, actor.person_id, passkey_id, data.name)
        if before != after:
            changes = {"name": (before.name, after.name)}
            await record_passkey(session, actor, "UPDATE", after, changes)
    return to_passkey_view(after)


@delete(
    "/me/passkeys/{passkey_id:str}",
    guards=[signed_in()],
    responses=errors(BadRequest, Conflict, NotFound, *DENIED, StorageFull),
    summary="Remove a passkey",
    tags=["Access"],
)
async def delete_passkey(request: PersonRequest, passkey_id: PasskeyId) -> None:
    """Needs a recent sign-in or proof. Your other sessions end."""
    await check_recent_proof(request)
    actor = actor_of(request)
    async with metadata_of(request).transaction() as session:
        await lock_factors(session, actor.person_id)
        passkey = await remove_passkey(session, actor.person_id, passkey_id)
        await removed_passkey(session, actor, passkey)
    sessions_of(request).forget_person(actor.person_id)


@post(
    "/sign-in/passkey/options",
    opt={"public": True},
    guards=[own_form],
    status_code=200,
    operation_class=public(REQUEST_OPTIONS_EXAMPLE),
    responses=errors(Forbidden, UnsupportedMedia, Conflict, Unavailable, StorageFull),
    summary="Begin to sign in with a passkey",
    tags=["Access"],
)
async def post_sign_in_options(request: PublicRequest) -> OptionsView:
    """Options for `navigator.credentials.get`, the same whoever asks; good for ten minutes."""
    ticket, options = _passkey_sign_in(request).options()
    return OptionsView(ticket=ticket, public_key=options)


@post(
    "/sign-in/passkey",
    opt={"public": True},
    guards=[own_form],
    status_code=200,
    operation_class=public(SIGNED_IN),
    responses=errors(Unauthenticated, Conflict, *BY_ANYONE),
    summary="Sign in with a passkey",
    tags=["Access"],
)
async def post_sign_in_passkey(
    request: PublicRequest, data: JSONBody[PasskeySignInBody]
) -> Response[SignInView]:
    """Opens a session. It counts as two factors: the device, and what unlocks it."""
    answer = PasskeyAnswer(
        ticket=data.ticket,
        credential=data.credential,
        organization=data.organization,
        requester=requester_of(request),
        browser=browser_of(request),
    )
    opened = await _passkey_sign_in(request)(answer)
    return await signed_in_answer(request, opened)


ROUTES: list[HTTPRouteHandler] = [
    post_options,
    post_passkey,
    get_passkeys,
    patch_passkey,
    delete_passkey,
    post_sign_in_options,
    post_sign_in_passkey,
]


def _passkey_sign_in(request: PublicRequest) -> PasskeySignIn:
    return PasskeySignIn(
        metadata_of(request),
        sessions_of(request),
        sealer_of(request),
        settings_of(request).public_url,
        clock_of(request),
    )


async def _registered(request: PersonRequest, data: NewPasskeyBody) -> NewCredential:
    """What was made for this very session. The ticket is gone whatever comes of it."""
    party = RelyingParty.at(settings_of(request).public_url)
    async with metadata_of(request).transaction() as session:
        ticket = await take_ticket(
            session, TicketPurpose.PASSKEY_ENROLMENT, data.ticket, now_of(request)
        )
    if ticket is None or ticket.payload["session"] != request.user.session_id:
        raise Unprocessable(
            "TICKET_INVALID",
            "This took too long, or was answered before.",
            hint="Begin again with POST /me/passkeys/options.",
            field="ticket",
        )
    try:
        return verify_registration(party, ticket.payload["challenge"], data.credential)
    except CeremonyRefused:
        raise Unprocessable(
            "PASSKEY_NOT_ACCEPTED",
            "What the browser made is not what was asked for.",
            hint="Use a device that can check that it is you (PIN, finger, face), and open the "
            "service at its own address.",
            field="credential",
        ) from None
