"""Second factors on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from trailkeeper.access.signin.factor_policy import MAX_GRACE_DAYS, FactorPolicy
from trailkeeper.access.signin.factors import Factor
from trailkeeper.access.signin.schema import Password

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Ticket = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
GraceDays = Annotated[int, msgspec.Meta(ge=0, le=MAX_GRACE_DAYS)]


class ProofBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    current_password: Password


class MaybeProofBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The password is needed where neither sign-in nor proof are of the last ten minutes."""

    current_password: Password | None = None


class CodeBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The six digits that the app shows."""

    code: Code


class SecondFactorBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`code` with the methods `totp` and `recovery_code`, `credential` with `passkey`: what
    `navigator.credentials.get` returned, as `toJSON()` writes it."""

    ticket: Ticket
    method: Factor
    code: Code | None = None
    credential: dict[str, Any] | None = None


class TicketBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    ticket: Ticket


class PolicyBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The grace period begins anew whenever this is set."""

    required: bool
    grace_days: GraceDays = 7


class FactorsView(msgspec.Struct, kw_only=True):
    """What an account has. `needs_proof`: changes need the password first.

    `totp_since` is null without an authenticator app, `required_from` where the organization
    requires nothing.
    """

    methods: list[Factor]
    totp_since: datetime | None
    passkeys: int
    recovery_codes_left: int
    recovery_codes_made_at: datetime | None
    required_from: datetime | None
    needs_proof: bool


class TotpEnrolmentView(msgspec.Struct, kw_only=True):
    """Scan `qr_svg` (an SVG image as a data URI), open `uri`, or type `secret` (base32)."""

    secret: str
    uri: str
    qr_svg: str
    expires_at: datetime


class EnrolledView(msgspec.Struct, kw_only=True):
    """With an account's first factor come recovery codes, shown this once."""

    recovery_codes: list[str]


class RecoveryCodesView(msgspec.Struct, kw_only=True):
    """Shown this once. Each is good for one sign-in."""

    recovery_codes: list[str]


class OptionsView(msgspec.Struct, kw_only=True):
    """`public_key` is for `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`; the
    ticket goes back with what the browser answers."""

    ticket: str
    public_key: dict[str, Any]


class PolicyView(msgspec.Struct, kw_only=True):
    """Active members, and how many of them have neither authenticator app nor passkey."""

    required: bool
    required_from: datetime | None
    members: int
    members_without: int


def to_policy_view(policy: FactorPolicy) -> PolicyView:
    return PolicyView(
        required=policy.required_from is not None,
        required_from=policy.required_from,
        members=policy.members,
        members_without=policy.members_without,
    )


CODES: Final = ["3f9k-0v2m-x7qa-81cd", "h4t0-9wzn-2b6e-kr5j"]
FACTORS_EXAMPLE: Final[dict[str, Any]] = {
    "methods": ["passkey", "recovery_code", "totp"],
    "totp_since": "2025-01-15T09:00:00Z",
    "passkeys": 1,
    "recovery_codes_left": 9,
    "recovery_codes_made_at": "2025-01-15T09:00:00Z",
    "required_from": "2025-02-01T00:00:00Z",
    "needs_proof": False,
}
TOTP_EXAMPLE: Final[dict[str, Any]] = {
    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "uri": "otpauth://totp/Trailkeeper:alice%40company.com?secret=JBSWY3DPEHPK3PXP…",
    "qr_svg": "data:image/svg+xml;charset=utf-8,%3Csvg …",
    "expires_at": "2025-01-15T09:15:00Z",
}
CODES_EXAMPLE: Final[dict[str, Any]] = {"recovery_codes": CODES}
POLICY_EXAMPLE: Final[dict[str, Any]] = {
    "required": True,
    "required_from": "2025-02-01T00:00:00Z",
    "members": 42,
    "members_without": 3,
}
REQUEST_OPTIONS_EXAMPLE: Final[dict[str, Any]] = {
    "ticket": "Zk3v…",
    "public_key": {
        "challenge": "q1Zf…",
        "timeout": 300000,
        "rpId": "audit.example.com",
        "allowCredentials": [],
        "userVerification": "required",
    },
}
