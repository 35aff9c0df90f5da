"""Passkeys on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from trailkeeper.access.signin.factor_schema import CODES
from trailkeeper.access.signin.passkeys import Passkey
from trailkeeper.access.signin.schema import Name, OrganizationText

Ticket = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class NewPasskeyBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`credential` is what `navigator.credentials.create` returned, as `toJSON()` writes it."""

    ticket: Ticket
    name: Name
    credential: dict[str, Any]


class RenameBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name


class PasskeySignInBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`organization` is an id, for those who belong to several; else it is the last used."""

    ticket: Ticket
    credential: dict[str, Any]
    organization: OrganizationText | None = None


class PasskeyView(msgspec.Struct, kw_only=True):
    """A passkey without its key. `is_backed_up`: copied among the owner's devices."""

    id: str
    name: str
    is_backed_up: bool
    transports: list[str]
    created_at: datetime
    last_used_at: datetime | None


class PasskeyList(msgspec.Struct, kw_only=True):
    items: list[PasskeyView]


class NewPasskeyView(msgspec.Struct, kw_only=True):
    """With an account's first factor come recovery codes, shown this once."""

    passkey: PasskeyView
    recovery_codes: list[str]


def to_passkey_view(passkey: Passkey) -> PasskeyView:
    return PasskeyView(
        id=passkey.id,
        name=passkey.name,
        is_backed_up=passkey.is_backed_up,
        transports=list(passkey.transports),
        created_at=passkey.created_at,
        last_used_at=passkey.last_used_at,
    )


PASSKEY_EXAMPLE: Final[dict[str, Any]] = {
    "id": "5f0c2a9be1d47380",
    "name": "Work laptop",
    "is_backed_up": True,
    "transports": ["internal", "hybrid"],
    "created_at": "2025-01-15T09:00:00Z",
    "last_used_at": "2025-01-15T14:30:00Z",
}
PASSKEYS_EXAMPLE: Final[dict[str, Any]] = {"items": [PASSKEY_EXAMPLE]}
NEW_PASSKEY_EXAMPLE: Final[dict[str, Any]] = {
    "passkey": PASSKEY_EXAMPLE,
    "recovery_codes": CODES,
}
CREATION_OPTIONS_EXAMPLE: Final[dict[str, Any]] = {
    "ticket": "Zk3v…",
    "public_key": {
        "rp": {"name": "Trailkeeper", "id": "audit.example.com"},
        "user": {"id": "MGYz…", "name": "alice@company.com", "displayName": "alice@company.com"},
        "challenge": "q1Zf…",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
        "excludeCredentials": [],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
        "attestation": "none",
    },
}
