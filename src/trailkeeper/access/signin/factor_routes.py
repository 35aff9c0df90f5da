"""HTTP of second factors: the own ones, and showing one at sign-in."""

from __future__ import annotations

from typing import Final

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access.guard import ENROLMENT, signed_in
from trailkeeper.access.operation import answering, public
from trailkeeper.access.organizations import get_organization
from trailkeeper.access.requesting import DENIED, clock_of, metadata_of, now_of
from trailkeeper.access.seal import Sealer
from trailkeeper.access.signin.asking import BY_ANYONE, PersonRequest, PublicRequest, sessions_of
from trailkeeper.access.signin.cookies import browser_of
from trailkeeper.access.signin.csrf import own_form
from trailkeeper.access.signin.examples import SIGNED_IN
from trailkeeper.access.signin.factor_changes import (
    Actor,
    added_totp,
    lock_factors,
    removed_totp,
    renewed_codes,
)
from trailkeeper.access.signin.factor_schema import (
    CODES_EXAMPLE,
    FACTORS_EXAMPLE,
    REQUEST_OPTIONS_EXAMPLE,
    TOTP_EXAMPLE,
    CodeBody,
    EnrolledView,
    FactorsView,
    MaybeProofBody,
    OptionsView,
    ProofBody,
    RecoveryCodesView,
    SecondFactorBody,
    TicketBody,
    TotpEnrolmentView,
)
from trailkeeper.access.signin.factors import second_factors_of
from trailkeeper.access.signin.me import signed_in_answer
from trailkeeper.access.signin.passkeys import passkeys_of
from trailkeeper.access.signin.proof import check_recent_proof, has_recent_proof, prove
from trailkeeper.access.signin.recovery import codes_left
from trailkeeper.access.signin.schema import SignInView
from trailkeeper.access.signin.second_factor import Shown, challenge_for
from trailkeeper.access.signin.second_step import SecondStep
from trailkeeper.access.signin.totp import confirm_totp, remove_totp, start_totp, totp_since
from trailkeeper.access.signin.webauthn_ceremony import RelyingParty
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import (
    BadRequest,
    Conflict,
    NotFound,
    StorageFull,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unprocessable,
)
from trailkeeper.problem import errors
from trailkeeper.settings import Settings

ENROLLING: Final = {ENROLMENT: True}
"""Open also to whom the organization lets in to set up a factor and for nothing else."""

CHANGING: Final = (BadRequest, TooLarge, Unprocessable, TooManyRequests, *DENIED, StorageFull)


@get(
    "/me/second-factors",
    guards=[signed_in()],
    opt=ENROLLING,
    operation_class=answering(FACTORS_EXAMPLE),
    responses=errors(*DENIED),
    summary="Show your second factors",
    tags=["Access"],
)
async def get_factors(request: PersonRequest) -> FactorsView:
    """What your account has beside its password, and what your organization requires."""
    needs_proof = not await has_recent_proof(request)
    async with metadata_of(request).reading() as session:
        person_id = person_of(request)
        codes = await codes_left(session, person_id)
        organization = await get_organization(session, request.user.organization)
        return FactorsView(
            methods=sorted(await second_factors_of(session, person_id)),
            totp_since=await totp_since(session, person_id),
            passkeys=len(await passkeys_of(session, person_id)),
            recovery_codes_left=codes.left,
            recovery_codes_made_at=codes.made_at,
            required_from=organization.second_factor_required_from,
            needs_proof=needs_proof,
        )


@post(
    "/me/proof",
    guards=[signed_in()],
    opt=ENROLLING,
    status_code=204,
    responses=errors(*CHANGING),
    summary="Prove that it is you",
    tags=["Access"],
)
async def post_proof(request: PersonRequest, data: JSONBody[ProofBody]) -> None:
    """Your password, good for ten minutes of this session: for changes of how you sign in."""
    await prove(request, data.current_password)


@post(
    "/me/totp",
    guards=[signed_in()],
    opt=ENROLLING,
    operation_class=answering(TOTP_EXAMPLE, status=201),
    responses=errors(Conflict, *CHANGING),
    summary="Begin to set up an authenticator app",
    tags=["Access"],
)
async def post_totp(request: PersonRequest, data: JSONBody[MaybeProofBody]) -> TotpEnrolmentView:
    """A secret for the app. It counts once you confirm it with the app's first code."""
    await check_recent_proof(request, data.current_password)
    async with metadata_of(request).transaction() as session:
        started = await start_totp(
            session, sealer_of(request), person_of(request), request.user.email, now_of(request)
        )
    return TotpEnrolmentView(
        secret=started.secret,
        uri=started.uri,
        qr_svg=started.qr_svg,
        expires_at=started.expires_at,
    )


@post(
    "/me/totp/confirm",
    guards=[signed_in()],
    opt=ENROLLING,
    status_code=200,
    operation_class=answering(CODES_EXAMPLE),
    responses=errors(Conflict, NotFound, *CHANGING),
    summary="Confirm the authenticator app",
    tags=["Access"],
)
async def post_totp_confirm(request: PersonRequest, data: JSONBody[CodeBody]) -> EnrolledView:
    """Turns the app on. With your first factor, your other sessions end."""
    actor = actor_of(request)
    async with metadata_of(request).transaction() as session:
        had = await lock_factors(session, actor.person_id)
        sealer = sealer_of(request)
        if not await confirm_totp(session, sealer, actor.person_id, data.code, actor.now):
            raise Unprocessable(
                "WRONG_CODE",
                "This is not the app's code of now.",
                hint="Wait for the next code. The phone's clock may be off by 30 s at most.",
                field="code",
            )
        enrolled = await added_totp(session, actor, had)
    sessions_of(request).forget_person(actor.person_id)
    return EnrolledView(recovery_codes=list(enrolled.recovery_codes))


@delete(
    "/me/totp",
    guards=[signed_in()],
    responses=errors(Conflict, NotFound, *DENIED, StorageFull),
    summary="Remove the authenticator app",
    tags=["Access"],
)
async def delete_totp(request: PersonRequest) -> None:
    """Needs a recent sign-in or proof. Your other sessions end."""
    await check_recent_proof(request)
    actor = actor_of(request)
    async with metadata_of(request).transaction() as session:
        await lock_factors(session, actor.person_id)
        if not await remove_totp(session, actor.person_id):
            raise NotFound("TOTP_NOT_FOUND", "No authenticator app is set up.")
        await removed_totp(session, actor)
    sessions_of(request).forget_person(actor.person_id)


@post(
    "/me/recovery-codes",
    guards=[signed_in()],
    operation_class=answering(CODES_EXAMPLE, status=201),
    responses=errors(Conflict, *CHANGING),
    summary="Make new recovery codes",
    tags=["Access"],
)
async def post_recovery_codes(
    request: PersonRequest, data: JSONBody[MaybeProofBody]
) -> RecoveryCodesView:
    """Ten codes, shown this once. The ones before are void."""
    await check_recent_proof(request, data.current_password)
    async with metadata_of(request).transaction() as session:
        codes = await renewed_codes(session, actor_of(request))
    return RecoveryCodesView(recovery_codes=codes)


@post(
    "/sign-in/second-factor/options",
    opt={"public": True},
    guards=[own_form],
    status_code=200,
    operation_class=public(REQUEST_OPTIONS_EXAMPLE),
    responses=errors(Unauthenticated, Conflict, *BY_ANYONE),
    summary="Ask for a passkey as the second factor",
    tags=["Access"],
)
async def post_second_factor_options(
    request: PublicRequest, data: JSONBody[TicketBody]
) -> OptionsView:
    """Options for `navigator.credentials.get`, good for one try with the same ticket."""
    party = RelyingParty.at(settings_of(request).public_url)
    async with metadata_of(request).transaction() as session:
        options = await challenge_for(session, data.ticket, party, now_of(request))
    return OptionsView(ticket=data.ticket, public_key=options)


@post(
    "/sign-in/second-factor",
    opt={"public": True},
    guards=[own_form],
    status_code=200,
    operation_class=public(SIGNED_IN),
    responses=errors(Unauthenticated, Conflict, *BY_ANYONE),
    summary="Show the second factor",
    tags=["Access"],
)
async def post_second_factor(
    request: PublicRequest, data: JSONBody[SecondFactorBody]
) -> Response[SignInView]:
    """Completes a sign-in. After five wrong tries the ticket is void; who goes on failing waits."""
    step = SecondStep(
        metadata_of(request),
        sessions_of(request),
        sealer_of(request),
        settings_of(request).public_url,
        clock_of(request),
    )
    shown = Shown(data.method, data.code or "", data.credential)
    opened = await step(data.ticket, shown, requester_of(request), browser_of(request))
    return await signed_in_answer(request, opened)


ROUTES: list[HTTPRouteHandler] = [
    get_factors,
    post_proof,
    post_totp,
    post_totp_confirm,
    delete_totp,
    post_recovery_codes,
    post_second_factor_options,
    post_second_factor,
]


def person_of(request: PersonRequest) -> str:
    """The account behind a request that `signed_in()` let through."""
    person_id = request.user.person_id
    if person_id is None:
        raise TypeError("the route's guard lets keys through")
    return person_id


def actor_of(request: PersonRequest) -> Actor:
    return Actor(
        person_id=person_of(request),
        session_id=request.user.session_id or "",
        requester=requester_of(request, request.user),
        public_url=settings_of(request).public_url,
        now=now_of(request),
    )


def sealer_of(request: PublicRequest) -> Sealer:
    sealer: Sealer = request.app.state["sealer"]
    return sealer


def settings_of(request: PublicRequest) -> Settings:
    settings: Settings = request.app.state["settings"]
    return settings
