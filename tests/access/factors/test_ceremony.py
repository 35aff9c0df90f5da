"""What an authenticator proves, and each way in which it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.access.factors.authenticator import EDDSA, ES256, Authenticator, decode, encode
from trailkeeper.access.signin.webauthn_ceremony import (
    CeremonyRefused,
    CredentialHint,
    NewCredential,
    RelyingParty,
    authentication_options,
    new_challenge,
    registration_options,
    user_handle_of,
    verify_authentication,
    verify_registration,
)
from trailkeeper.errors import Conflict

Json = dict[str, Any]

PARTY = RelyingParty("audit.example.com", "https://audit.example.com")
PERSON = "0123456789abcdef0123456789abcdef"


def registered(authenticator: Authenticator, party: RelyingParty = PARTY) -> NewCredential:
    challenge = new_challenge()
    options = registration_options(party, PERSON, "alice@example.com", challenge, [])
    return verify_registration(party, challenge, authenticator.create(options))


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(CeremonyRefused) as raised:
        work()
    return str(raised.value)


@pytest.mark.parametrize("algorithm", [ES256, EDDSA])
def test_both_ceremonies(algorithm: int) -> None:
    authenticator = Authenticator(PARTY.origin, algorithm, is_backed_up=True)
    credential = registered(authenticator)
    assert credential.transports == ("internal", "hybrid")
    assert credential.is_backed_up

    challenge = new_challenge()
    answer = authenticator.get(authentication_options(PARTY, challenge))
    proved = verify_authentication(
        PARTY, challenge, answer, credential.public_key, passwordless=True
    )

    assert proved.sign_count == 1
    assert proved.is_user_verified
    assert user_handle_of(answer) == PERSON.encode()


def test_options_say_what_is_wanted() -> None:
    known = [CredentialHint(encode(b"known"), ("usb",))]
    wanted = registration_options(PARTY, PERSON, "alice@example.com", new_challenge(), known)
    assert wanted["rp"] == {"name": "Trailkeeper", "id": "audit.example.com"}
    assert wanted["attestation"] == "none"
    assert wanted["authenticatorSelection"]["residentKey"] == "required"
    assert wanted["authenticatorSelection"]["userVerification"] == "required"
    assert wanted["excludeCredentials"] == [
        {"id": encode(b"known"), "type": "public-key", "transports": ["usb"]}
    ]
    assert decode(wanted["user"]["id"]) == PERSON.encode()

    anyone = authentication_options(PARTY, new_challenge())
    assert anyone["allowCredentials"] == []
    assert anyone["userVerification"] == "required"
    assert authentication_options(PARTY, new_challenge(), known)["userVerification"] == "preferred"


@pytest.mark.parametrize(
    ("misbehaviour", "why"),
    [
        ({"origin": "https://audit.example.com.evil.example"}, "origin"),
        ({"origin": "https://evil.audit.example.com"}, "origin"),
        ({"origin": "http://audit.example.com"}, "origin"),
        ({"origin": "https://audit.example.com:8443"}, "origin"),
        ({"rp_id": "example.com"}, "RP ID"),
        ({"verifies_user": False}, "verification"),
        ({"cross_origin": True}, "frame"),
    ],
)
def test_wrong_origin_wrong_party_or_no_user_is_refused(misbehaviour: Json, why: str) -> None:
    bad = Authenticator(PARTY.origin)
    for name, value in misbehaviour.items():
        setattr(bad, name, value)
    assert why in refusal(lambda: registered(bad))

    good = Authenticator(PARTY.origin)
    credential = registered(good)
    for name, value in misbehaviour.items():
        setattr(good, name, value)
    challenge = new_challenge()
    answer = good.get(authentication_options(PARTY, challenge))
    assert why in refusal(
        lambda: verify_authentication(
            PARTY, challenge, answer, credential.public_key, passwordless=True
        )
    )


def test_another_challenge_is_refused() -> None:
    authenticator = Authenticator(PARTY.origin)
    credential = registered(authenticator)
    answer = authenticator.get(authentication_options(PARTY, new_challenge()))
    assert "challenge" in refusal(
        lambda: verify_authentication(
            PARTY, new_challenge(), answer, credential.public_key, passwordless=False
        )
    )


def test_another_key_is_refused() -> None:
    mine, theirs = Authenticator(PARTY.origin), Authenticator(PARTY.origin)
    credential = registered(mine)
    registered(theirs)
    challenge = new_challenge()
    answer = theirs.get(authentication_options(PARTY, challenge))
    assert "signature" in refusal(
        lambda: verify_authentication(
            PARTY, challenge, answer, credential.public_key, passwordless=False
        )
    )


def test_a_registration_is_no_sign_in_nor_the_other_way_round() -> None:
    authenticator = Authenticator(PARTY.origin)
    credential = registered(authenticator)
    challenge = new_challenge()
    answer = authenticator.get(authentication_options(PARTY, challenge))
    assert refusal(lambda: verify_registration(PARTY, challenge, answer))

    made = authenticator.create(
        registration_options(PARTY, PERSON, "alice@example.com", challenge, [])
    )
    assert refusal(
        lambda: verify_authentication(
            PARTY, challenge, made, credential.public_key, passwordless=False
        )
    )


def test_without_a_user_only_beside_a_password() -> None:
    authenticator = Authenticator(PARTY.origin)
    credential = registered(authenticator)
    authenticator.verifies_user = False
    challenge = new_challenge()
    answer = authenticator.get(authentication_options(PARTY, challenge))
    proved = verify_authentication(
        PARTY, challenge, answer, credential.public_key, passwordless=False
    )
    assert not proved.is_user_verified


FIELDS = [
    "attestationObject",
    "authenticatorAttachment",
    "authenticatorData",
    "clientDataJSON",
    "id",
    "rawId",
    "response",
    "signature",
    "transports",
    "type",
    "userHandle",
]
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.binary(max_size=40).map(encode),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    field=st.sampled_from(FIELDS),
    junk=JUNK,
)
def test_what_cannot_be_read_is_refused_and_nothing_else(field: str, junk: Any) -> None:
    """Whatever stands in any field: it is verified, or refused as one kind of error."""
    authenticator = Authenticator(PARTY.origin)
    challenge = new_challenge()
    options = registration_options(PARTY, PERSON, "alice@example.com", challenge, [])
    made = authenticator.create(options)
    credential = verify_registration(PARTY, challenge, json.loads(json.dumps(made)))
    got = authenticator.get(authentication_options(PARTY, challenge))
    for answer in (made, got):
        target = answer if field in answer else answer["response"]
        target[field] = junk

    for work in (
        lambda: verify_registration(PARTY, challenge, made),
        lambda: verify_authentication(
            PARTY, challenge, got, credential.public_key, passwordless=True
        ),
        lambda: user_handle_of(got),
    ):
        try:
            work()
        except CeremonyRefused:
            continue


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(position=st.integers(0, 400), value=st.integers(0, 255))
def test_an_attestation_with_a_changed_byte_breaks_nothing(position: int, value: int) -> None:
    authenticator = Authenticator(PARTY.origin)
    challenge = new_challenge()
    options = registration_options(PARTY, PERSON, "alice@example.com", challenge, [])
    made = authenticator.create(options)
    statement = bytearray(decode(made["response"]["attestationObject"]))
    statement[position % len(statement)] = value
    made["response"]["attestationObject"] = encode(bytes(statement))
    try:
        credential = verify_registration(PARTY, challenge, made)
    except CeremonyRefused:
        return
    assert credential.credential_id == made["id"]


@pytest.mark.parametrize(
    ("public_url", "rp_id", "origin"),
    [
        ("https://audit.example.com", "audit.example.com", "https://audit.example.com"),
        ("https://audit.example.com:443", "audit.example.com", "https://audit.example.com"),
        ("https://audit.example.com:8443", "audit.example.com", "https://audit.example.com:8443"),
        ("http://localhost:8080", "localhost", "http://localhost:8080"),
        ("http://localhost:80", "localhost", "http://localhost"),
    ],
)
def test_the_relying_party_is_the_public_address(public_url: str, rp_id: str, origin: str) -> None:
    assert RelyingParty.at(public_url) == RelyingParty(rp_id, origin)


@pytest.mark.parametrize(
    "public_url",
    ["http://127.0.0.1:8080", "https://192.0.2.1", "https://[2001:db8::1]", "http://example.com"],
)
def test_where_browsers_have_no_passkeys(public_url: str) -> None:
    with pytest.raises(Conflict) as raised:
        RelyingParty.at(public_url)
    assert raised.value.code == "PASSKEYS_UNAVAILABLE"
    assert raised.value.hint is not None
    assert "TRAILKEEPER_PUBLIC_URL" in raised.value.hint
