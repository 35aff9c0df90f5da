"""Single sign-on: from "sign me in to this organization" to a session of it.

OpenID Connect, authorization code flow with PKCE (S256), state and nonce. What a flow must
remember is a ticket, taken once; the state is its token, and good only in the browser that
began (a cookie says which). The provider's answer is believed only where it names the issuer
that was asked (RFC 9207), so that two providers cannot be taken for one another.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

import msgspec
import structlog

from trailkeeper.access.organizations import ID
from trailkeeper.access.seal import Sealer
from trailkeeper.access.signin.attempts import address_subject, charge, take_back
from trailkeeper.access.signin.cookies import Browser
from trailkeeper.access.signin.oidc_discovery import ProviderDocument, Providers
from trailkeeper.access.signin.oidc_fault import OidcFault, OidcRefused
from trailkeeper.access.signin.oidc_people import Admitted, admit
from trailkeeper.access.signin.oidc_provider import (
    SingleSignOn,
    find_single_sign_on,
    secret_owner,
)
from trailkeeper.access.signin.oidc_return import checked_return_path
from trailkeeper.access.signin.oidc_tokens import Client, Expected, Identity, identify
from trailkeeper.access.signin.opening import OpenedSession, Opening, SignInMethod
from trailkeeper.access.signin.sessions import Sessions
from trailkeeper.access.signin.tickets import TicketPurpose, issue_ticket, take_ticket
from trailkeeper.access.tokens import hash_token, new_token
from trailkeeper.access.trail import Requester, record
from trailkeeper.event import OrganizationId, Status
from trailkeeper.outbound.http import OutboundClient
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.settings import Settings
from trailkeeper.store.metadata import Metadata

SCOPE: Final = "openid email profile"
CALLBACK: Final = "/sign-in/oidc/callback"
MAX_CODE_LENGTH: Final = 4096
BROWSER_OWNER: Final = "oidc browser"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the token in its cookie that it will be known by."""

    location: str
    browser_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Callback:
    """What the provider had the browser bring; None: not there. `browser_token` of the cookie."""

    state: str | None = field(repr=False)
    code: str | None = field(repr=False)
    issuer: str | None
    error: str | None
    browser_token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finished:
    return_to: str
    opened: OpenedSession


class _Flow(msgspec.Struct, frozen=True, kw_only=True):
    """What a ticket remembers. `sealed_browser` are the cookies of a session and a device:
    they do not come along when another site sends the browser back."""

    issuer: str
    client_id: str
    nonce: str
    verifier: str
    browser_hash: str
    started_at: datetime
    return_to: str
    sealed_browser: str


class _Cookies(msgspec.Struct, frozen=True, array_like=True):
    device_token: str | None
    session_token: str | None


@dataclass(frozen=True, slots=True)
class OidcSignIn:
    """The way in by single sign-on, over the parts that it needs."""

    metadata: Metadata
    providers: Providers
    sessions: Sessions
    sealer: Sealer
    public_url: str
    clock: Callable[[], datetime]

    async def begin(
        self, organization: str, return_to: str, browser: Browser, browser_token: str | None
    ) -> Begun:
        """Raises OidcRefused: RETURN_TO, NOT_SET_UP, UNAVAILABLE, ADDRESS, ANSWER."""
        path = checked_return_path(return_to)
        if not ID.fullmatch(organization):
            raise _not_set_up()
        tenant = system_tenant(OrganizationId(organization))
        settings = await self._settings(tenant)
        document = await self.providers.document(settings.issuer)
        token = browser_token or new_token()
        cookies = msgspec.json.encode(_Cookies(browser.device_token, browser.session_token))
        now = self.clock()
        flow = _Flow(
            issuer=settings.issuer,
            client_id=settings.client_id,
            nonce=new_token(),
            verifier=new_token(),
            browser_hash=hash_token(token),
            started_at=now,
            return_to=path,
            sealed_browser=self.sealer.seal(cookies.decode(), BROWSER_OWNER),
        )
        async with self.metadata.transaction() as session:
            state = await issue_ticket(
                session,
                TicketPurpose.OIDC,
                now=now,
                organization=organization,
                payload=msgspec.to_builtins(flow),
            )
        return Begun(self._authorization_url(document, flow, state), token)

    async def finish(self, callback: Callback, requester: Requester) -> Finished:
        """Raises OidcRefused, recorded where it is known whose sign-in it was; and
        TooManyRequests(TOO_MANY_TRIES), Unavailable."""
        tenant, flow = await self._take(callback, requester)
        try:
            finished = await self._finish(tenant, flow, callback, requester)
        except OidcRefused as refused:
            await self._record_failure(tenant, flow.issuer, refused, requester)
            raise
        return finished

    async def _take(self, callback: Callback, requester: Requester) -> tuple[Tenant, _Flow]:
        """Takes the ticket for good, whatever comes of it; a try of its address."""
        now = self.clock()
        async with self.metadata.transaction() as session:
            await charge(session, [address_subject(requester.address)], now)
            ticket = await take_ticket(session, TicketPurpose.OIDC, callback.state or "", now)
        if ticket is None or ticket.organization is None:
            log.warning("single_sign_on_state_unknown", address=requester.address)
            raise OidcRefused(OidcFault.STATE, "no sign-in with this state is under way")
        flow = msgspec.convert(ticket.payload, _Flow)
        return system_tenant(OrganizationId(ticket.organization)), flow

    async def _finish(
        self, tenant: Tenant, flow: _Flow, callback: Callback, requester: Requester
    ) -> Finished:
        given = hash_token(callback.browser_token or "")
        if not hmac.compare_digest(given, flow.browser_hash):
            raise OidcRefused(OidcFault.STATE, "another browser began this sign-in")
        settings = await self._settings(tenant)
        if (settings.issuer, settings.client_id) != (flow.issuer, flow.client_id):
            raise OidcRefused(OidcFault.STATE, "the settings changed meanwhile")
        document = await self.providers.document(flow.issuer)
        code = _checked_answer(callback, document)
        identity = await self._identify(settings, document, flow, code)
        return await self._open(tenant, settings, identity, flow, requester)

    async def _identify(
        self, settings: SingleSignOn, document: ProviderDocument, flow: _Flow, code: str
    ) -> Identity:
        secret = self.sealer.open(settings.sealed_secret, secret_owner(settings.organization))
        wanted = {"email", "email_verified"}
        if settings.role_mapping:
            wanted.add(settings.role_claim.partition(".")[0])
        return await identify(
            self.providers,
            document,
            Client(settings.client_id, secret, self.redirect_uri),
            code,
            Expected(flow.nonce, flow.verifier, flow.started_at),
            self.clock(),
            frozenset(wanted),
        )

    async def _open(
        self,
        tenant: Tenant,
        settings: SingleSignOn,
        identity: Identity,
        flow: _Flow,
        requester: Requester,
    ) -> Finished:
        now = self.clock()
        cookies = msgspec.json.decode(
            self.sealer.open(flow.sealed_browser, BROWSER_OWNER), type=_Cookies
        )
        async with self.metadata.transaction() as session:
            admitted = await admit(session, tenant, settings, identity, requester, now)
            if await find_single_sign_on(session, tenant) != settings:
                raise OidcRefused(OidcFault.STATE, "the settings changed meanwhile")
            opening = Opening(
                person_id=admitted.person_id,
                organization=tenant.organization,
                user_id=admitted.member.user_id,
                method=SignInMethod.OIDC,
                has_second_factor=identity.has_second_factor,
                requester=requester,
                browser=Browser(cookies.device_token, cookies.session_token),
                details=_details(identity, admitted),
            )
            opened = await self.sessions.open_session(session, opening, now)
            await take_back(session, [address_subject(requester.address)])
        self.sessions.forget_person(admitted.person_id)
        for session_id in opened.replaced:
            self.sessions.forget(session_id)
        return Finished(flow.return_to, opened)

    async def _settings(self, tenant: Tenant) -> SingleSignOn:
        async with self.metadata.reading() as session:
            settings = await find_single_sign_on(session, tenant)
        if settings is None:
            raise _not_set_up()
        return settings

    async def _record_failure(
        self, tenant: Tenant, issuer: str, refused: OidcRefused, requester: Requester
    ) -> None:
        """The attempted address is the subject, never the actor."""
        async with self.metadata.transaction() as session:
            if refused.fault is OidcFault.UNAVAILABLE:
                # The try could not be made: an office must not wait longer than its provider.
                await take_back(session, [address_subject(requester.address)])
            await record(
                session,
                tenant,
                requester,
                "LOGIN_FAILED",
                now=self.clock(),
                resource_type="USER",
                resource_id=refused.user_id,
                status=Status.FAILED,
                details={
                    "reason": refused.fault,
                    "explanation": refused.detail,
                    "attempted": refused.email,
                    "method": SignInMethod.OIDC,
                    "issuer": issuer,
                },
            )

    @property
    def redirect_uri(self) -> str:
        return self.public_url + CALLBACK

    def _authorization_url(self, document: ProviderDocument, flow: _Flow, state: str) -> str:
        query = urlencode(
            {
                "response_type": "code",
                "client_id": flow.client_id,
                "redirect_uri": self.redirect_uri,
                "scope": SCOPE,
                "state": state,
                "nonce": flow.nonce,
                "code_challenge": code_challenge(flow.verifier),
                "code_challenge_method": "S256",
            }
        )
        endpoint = document.authorization_endpoint
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"


def open_single_sign_on(
    settings: Settings,
    metadata: Metadata,
    sessions: Sessions,
    sealer: Sealer,
    outbound: OutboundClient,
    clock: Callable[[], datetime],
) -> OidcSignIn:
    """As the settings have it."""
    providers = Providers(outbound, settings.outbound_allow)
    return OidcSignIn(metadata, providers, sessions, sealer, settings.public_url, clock)


def code_challenge(verifier: str) -> str:
    """RFC 7636, 4.2, method S256."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _checked_answer(callback: Callback, document: ProviderDocument) -> str:
    """The code of an answer that this provider gave. Errors have an issuer too (RFC 9207, 2.4),
    so it is judged first.
    """
    is_promised = document.authorization_response_iss_parameter_supported
    if callback.issuer is None and is_promised:
        raise OidcRefused(OidcFault.ISSUER, "the answer does not say which provider gave it")
    if callback.issuer is not None and callback.issuer != document.issuer:
        raise OidcRefused(OidcFault.ISSUER, "the answer is another provider's")
    if callback.error is not None:
        raise _provider_error(callback.error)
    if not callback.code or len(callback.code) > MAX_CODE_LENGTH:
        raise OidcRefused(OidcFault.PROVIDER_ERROR, "the answer has neither code nor error")
    return callback.code


def _provider_error(error: str) -> OidcRefused:
    """RFC 6749, 4.1.2.1; any other word counts as "something else"."""
    if error == "access_denied":
        return OidcRefused(OidcFault.DENIED, "access_denied")
    if error in ("server_error", "temporarily_unavailable"):
        return OidcRefused(OidcFault.UNAVAILABLE, error)
    return OidcRefused(OidcFault.PROVIDER_ERROR, "the provider answers with an error")


def _details(identity: Identity, admitted: Admitted) -> dict[str, str]:
    kept = {"kept_role": admitted.kept_role} if admitted.kept_role is not None else {}
    return {"issuer": identity.issuer, **kept}


def _not_set_up() -> OidcRefused:
    return OidcRefused(OidcFault.NOT_SET_UP, "the organization has no single sign-on")
