"""The two ceremonies of WebAuthn (Level 2): registration and authentication, checked.

Pure: options and answers in, what was proved or a refusal out. Whom a credential belongs to,
and that a challenge is used once, is the callers' business.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import webauthn
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from webauthn.helpers import (
    base64url_to_bytes,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from trailkeeper.errors import Conflict
from trailkeeper.outbound_settings import is_loopback

RP_NAME: Final = "Trailkeeper"
CHALLENGE_BYTES: Final = 32
TIMEOUT_MS: Final = 300_000
DEFAULT_PORTS: Final = {"https": 443, "http": 80}
ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
FORMATS: Final = {AttestationFormat.NONE, AttestationFormat.PACKED}
"""Nobody's make is asked for; a browser leaves `packed` only where it names no make either."""

MAX_CREDENTIAL_ID_BYTES: Final = 1023

Json = Mapping[str, Any]
T = TypeVar("T")


class CeremonyRefused(Exception):
    """The authenticator's answer does not prove what it should. The text is for the log."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom credentials are for: a host name, and the one origin that may ask for them."""

    id: str
    origin: str

    @classmethod
    def at(cls, public_url: str) -> RelyingParty:
        """From the settings alone, never from what a request says of its host.

        Raises Conflict(PASSKEYS_UNAVAILABLE) where browsers have no passkeys: at an IP
        address, and without TLS anywhere but on `localhost`.
        """
        parts = urlsplit(public_url)
        host = parts.hostname or ""
        is_local = host == "localhost" or host.endswith(".localhost")
        is_name = not host.rpartition(".")[2].isdigit() and ":" not in host
        if not is_name or (parts.scheme != "https" and not is_local):
            example = "http://localhost:8080" if is_loopback(host) else "https://audit.example.com"
            raise Conflict(
                "PASSKEYS_UNAVAILABLE",
                f"Browsers offer no passkeys at {public_url}.",
                hint=f"Set TRAILKEEPER_PUBLIC_URL to a name with TLS, like {example}.",
            )
        is_default = parts.port in (None, DEFAULT_PORTS[parts.scheme])
        return cls(host, f"{parts.scheme}://{host}" + ("" if is_default else f":{parts.port}"))


@dataclass(frozen=True, slots=True)
class CredentialHint:
    """Which credential a browser is to look for, and over what."""

    credential_id: str
    transports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A registered credential. Ids and keys are base64url text."""

    credential_id: str
    public_key: str
    sign_count: int
    transports: tuple[str, ...]
    is_backed_up: bool


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an authenticator proved: it holds the key, has counted so far, knew its user."""

    sign_count: int
    is_user_verified: bool
    is_backed_up: bool


def new_challenge() -> str:
    return to_base64url(secrets.token_bytes(CHALLENGE_BYTES))


def user_handle(person_id: str) -> bytes:
    """What an authenticator keeps of a person: an id that says nothing of them."""
    return person_id.encode("ascii")


def registration_options(
    party: RelyingParty, person_id: str, email: str, challenge: str, known: Sequence[CredentialHint]
) -> dict[str, Any]:
    """For `navigator.credentials.create`: a discoverable credential that is not `known` yet."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=RP_NAME,
        user_id=user_handle(person_id),
        user_name=email,
        challenge=base64url_to_bytes(challenge),
        timeout=TIMEOUT_MS,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json_dict(options)


def authentication_options(
    party: RelyingParty, challenge: str, allowed: Sequence[CredentialHint] = ()
) -> dict[str, Any]:
    """For `navigator.credentials.get`: one of `allowed`, or whichever the user has."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=base64url_to_bytes(challenge),
        timeout=TIMEOUT_MS,
        allow_credentials=_descriptors(allowed),
        user_verification=(
            # As a second factor the password was shown already: to hold the key is enough.
            UserVerificationRequirement.PREFERRED
            if allowed
            else UserVerificationRequirement.REQUIRED
        ),
    )
    return options_to_json_dict(options)


def verify_registration(party: RelyingParty, challenge: str, answer: Json) -> NewCredential:
    """Raises CeremonyRefused: another challenge, origin or party, no user, what cannot be read."""
    return _checked(lambda: _registered(party, challenge, dict(answer)))


def verify_authentication(
    party: RelyingParty, challenge: str, answer: Json, public_key: str, *, passwordless: bool
) -> Assertion:
    """Raises CeremonyRefused as above, and for a signature by another key.

    The sign count is proved and handed on, not judged: whoever keeps the last one judges it.
    """
    return _checked(lambda: _asserted(party, challenge, dict(answer), public_key, passwordless))


def credential_id_of(answer: Json) -> str | None:
    """Which credential an answer claims to come from."""
    claimed = answer.get("id")
    is_id = isinstance(claimed, str) and claimed.isascii() and claimed.isprintable()
    return claimed if is_id and len(str(claimed)) <= MAX_CREDENTIAL_ID_BYTES * 4 // 3 + 1 else None


def user_handle_of(answer: Json) -> bytes | None:
    """Whose credential the authenticator says it is."""
    return _checked(lambda: parse_authentication_credential_json(dict(answer)).response.user_handle)


def to_base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _registered(party: RelyingParty, challenge: str, answer: dict[str, Any]) -> NewCredential:
    credential = parse_registration_credential_json(answer)
    fmt = parse_attestation_object(credential.response.attestation_object).fmt
    if fmt not in FORMATS:
        raise CeremonyRefused(f"an attestation of format {fmt!r} was not asked for")
    _check_same_frame(credential.response.client_data_json)
    verified = webauthn.verify_registration_response(
        credential=credential,
        expected_challenge=base64url_to_bytes(challenge),
        expected_rp_id=party.id,
        expected_origin=party.origin,
        require_user_verification=True,
        supported_pub_key_algs=ALGORITHMS,
    )
    if not 1 <= len(verified.credential_id) <= MAX_CREDENTIAL_ID_BYTES:
        raise CeremonyRefused("the credential's id is too long")
    if to_base64url(verified.credential_id) != credential.id:
        raise CeremonyRefused("the credential's id is not the one that was attested")
    # A key that is none would only be noticed at the first sign-in.
    decoded_public_key_to_cryptography(decode_credential_public_key(verified.credential_public_key))
    transports = credential.response.transports or []
    return NewCredential(
        credential_id=credential.id,
        public_key=to_base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
        transports=tuple(each.value for each in transports),
        is_backed_up=verified.credential_backed_up,
    )


def _asserted(
    party: RelyingParty,
    challenge: str,
    answer: dict[str, Any],
    public_key: str,
    passwordless: bool,
) -> Assertion:
    credential = parse_authentication_credential_json(answer)
    _check_same_frame(credential.response.client_data_json)
    verified = webauthn.verify_authentication_response(
        credential=credential,
        expected_challenge=base64url_to_bytes(challenge),
        expected_rp_id=party.id,
        expected_origin=party.origin,
        credential_public_key=base64url_to_bytes(public_key),
        # The library judges the count before the signature, so that a forgery could pass for a
        # clone; here it takes any, and the caller compares what was signed.
        credential_current_sign_count=0,
        require_user_verification=passwordless,
    )
    return Assertion(
        sign_count=verified.new_sign_count,
        is_user_verified=verified.user_verified,
        is_backed_up=verified.credential_backed_up,
    )


def _check_same_frame(client_data: bytes) -> None:
    """The library does not look at this: nobody embeds our sign-in in a page of theirs."""
    parsed = json.loads(client_data)
    if isinstance(parsed, dict) and parsed.get("crossOrigin"):
        raise CeremonyRefused("the answer was asked for in another site's frame")


def _checked(work: Callable[[], T]) -> T:
    try:
        return work()
    except (
        WebAuthnException,
        InvalidSignature,
        UnsupportedAlgorithm,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        # What a stranger sends is read deep inside the library, which lets some of it fall
        # through as Python's own errors. To the caller it is all one: not proved.
        raise CeremonyRefused(f"{type(error).__name__}: {error}") from error


def _descriptors(hints: Sequence[CredentialHint]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(hint.credential_id),
            transports=[AuthenticatorTransport(each) for each in hint.transports],
        )
        for hint in hints
    ]
