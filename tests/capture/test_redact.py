from __future__ import annotations

from typing import Any

import msgspec
import pytest

from trailkeeper.capture.redact import MARK, RedactionRules, Redactor
from trailkeeper.capture.rejection import Reason, Rejected
from trailkeeper.event import MAX_DETAILS_BYTES, MAX_DETAILS_DEPTH

PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"
JSON_WEB_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
API_KEY = "tk_0123456789abcdef_" + "0123456789abcdef" * 4


def redact(details: dict[str, Any] | None, **rules: Any) -> tuple[Any, list[str]]:
    text, removed = Redactor(RedactionRules.from_config(rules)).redact(details)
    return msgspec.json.decode(text), removed


def nested(depth: int) -> dict[str, Any]:
    details: dict[str, Any] = {"leaf": 1}
    for _ in range(depth - 1):
        details = {"in": details}
    return details


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "Password",
        "passwd",
        "old_password",
        "newPassword",
        "passphrase",
        "pwd",
        "secret",
        "client_secret",
        "clientSecret",
        "token",
        "tokens",
        "access_token",
        "refresh-token",
        "idToken",
        "api_key",
        "apiKey",
        "X-Api-Key",
        "access_key",
        "private key",
        "Authorization",
        "proxy-authorization",
        "credentials",
        "Set-Cookie",
        "session_id",
        "sessionId",
        "session-id",
        "bearer",
        "otp",
        "OTP",
        "user_otp",
        "userOtp",
        "totp_code",
        "pin_code",
    ],
)
def test_what_stands_under_a_secrets_name_is_removed(key: str) -> None:
    details = {"request": [{"plain": 1}, {key: "hunter2"}]}

    assert redact(details) == (
        {"request": [{"plain": 1}, {key: MARK}]},
        [f"details.request.1.{key}"],
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("token_count", 5),
        ("max_tokens", 512),
        ("prompt_tokens", 12),
        ("tokens", {"prompt": 12, "completion": [3, 4]}),
        ("token_type", "bearer"),
        ("tokenizer", "bpe-50k"),
        ("tokenization", "wordpiece"),
        ("password_changed", "yesterday"),
        ("password_policy", "strict"),
        ("secret_name", "billing"),
        ("secretary", "Ada"),
        ("api_key_id", "k-1"),
        ("memory_footprint", "12 GiB"),
        ("FOOTPRINT", "12 GiB"),
        ("hotpot", "x"),
        ("has_password", True),
        ("password", None),
        ("password", ""),
        ("password", []),
        ("login_method", "email_password"),
        ("compass", "north"),
        ("note", "the token was rotated"),
    ],
)
def test_what_only_speaks_of_a_secret_stays(key: str, value: object) -> None:
    assert redact({key: value}) == ({key: value}, [])


@pytest.mark.parametrize(
    "value", ["s", 1234, 0.5, ["a", "b"], {"old": "a", "new": "b"}, [{"x": 1}]]
)
def test_a_password_of_any_shape_is_removed_whole(value: object) -> None:
    assert redact({"password": value}) == ({"password": MARK}, ["details.password"])


@pytest.mark.parametrize(
    ("value", "left"),
    [
        (PRIVATE_KEY, MARK),
        ("curl -H 'Authorization: Bearer 0123456789abcdef0'", f"curl -H 'Authorization: {MARK}'"),
        ("Basic dXNlcjpwYXNzd29yZA==", MARK),
        (f"jwt={JSON_WEB_TOKEN};", f"jwt={MARK};"),
        (f"the key {API_KEY} leaked", f"the key {MARK} leaked"),
        ("AKIAIOSFODNN7EXAMPLE", MARK),
        ("ghp_" + "a" * 36, MARK),
        ("xoxb-123456789012-abc", MARK),
        ("sk_live_" + "a" * 24, MARK),
    ],
)
def test_a_credential_is_removed_whatever_its_key(value: str, left: str) -> None:
    assert redact({"note": ["fine", value]}) == ({"note": ["fine", left]}, ["details.note.1"])


def test_an_organization_adds_keys_paths_and_values() -> None:
    details = {
        "ssn": "1",
        "user": {"phone": "2", "email": "3"},
        "card": "4111111111111111",
        "number": 4111111111111111,
        "quoted": 'a "b" c',
        "lines": "one\ntwo",
    }
    rules = {
        "key_patterns": ["^ssn$"],
        "paths": ["user.phone"],
        "value_patterns": [r"^4\d{15}$", 'a "b"', r"e\st"],
    }

    assert redact(details, **rules) == (
        {
            "ssn": MARK,
            "user": {"phone": MARK, "email": "3"},
            "card": MARK,
            "number": MARK,
            "quoted": f"{MARK} c",
            "lines": f"on{MARK}wo",
        },
        [
            "details.ssn",
            "details.user.phone",
            "details.card",
            "details.number",
            "details.quoted",
            "details.lines",
        ],
    )


def test_an_allowed_path_is_never_redacted() -> None:
    details = {"token": "public", "other": {"token": "x", "note": API_KEY}}

    assert redact(details, allowed_paths=["token", "other.note"]) == (
        {"token": "public", "other": {"token": MARK, "note": API_KEY}},
        ["details.other.token"],
    )


@pytest.mark.parametrize("details", [None, {}])
def test_no_details_are_an_empty_object(details: dict[str, Any] | None) -> None:
    assert redact(details) == ({}, [])


def test_text_is_compact_and_unescaped() -> None:
    assert Redactor().redact({"a": [1, 2.5, None], "ö": "ü"}) == ('{"a":[1,2.5,null],"ö":"ü"}', [])


def test_details_may_have_exactly_the_largest_size() -> None:
    frame = len('{"a":""}')
    text, _ = Redactor().redact({"a": "x" * (MAX_DETAILS_BYTES - frame)})

    assert len(text) == MAX_DETAILS_BYTES
    with pytest.raises(Rejected) as refused:
        Redactor().redact({"a": "x" * (MAX_DETAILS_BYTES - frame + 1)})
    assert refused.value.rejection.code is Reason.DETAILS_TOO_LARGE
    assert refused.value.rejection.field == "details"


def test_marks_that_outgrow_what_they_replace_do_not_make_details_too_large() -> None:
    details = {f"pwd{index}": "x" for index in range(4000)}
    text, removed = Redactor().redact(details)

    assert len(text) > MAX_DETAILS_BYTES
    assert len(removed) == 4000


@pytest.mark.parametrize("make", [nested, lambda depth: {"list": nested_list(depth - 1)}])
def test_details_may_have_exactly_the_greatest_depth(make: Any) -> None:
    text, _ = Redactor().redact(make(MAX_DETAILS_DEPTH))

    assert msgspec.json.decode(text) == make(MAX_DETAILS_DEPTH)
    with pytest.raises(Rejected) as refused:
        Redactor().redact(make(MAX_DETAILS_DEPTH + 1))
    assert refused.value.rejection.code is Reason.DETAILS_TOO_DEEP


def nested_list(depth: int) -> list[Any]:
    items: list[Any] = [1]
    for _ in range(depth - 1):
        items = [items]
    return items
