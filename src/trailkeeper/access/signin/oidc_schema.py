"""Single sign-on on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from trailkeeper.access.signin.oidc_fault import OidcFault

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
RoleName = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
UserId = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Domain = Annotated[str, msgspec.Meta(min_length=1, max_length=253)]


class NewSingleSignOn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An organization's provider. What is left out gets its default, but for the secret.

    `domains`: people come in with a verified e-mail of one of these alone. `role_mapping`: a
    value of `role_claim` -> a role; of several that match, the first one here counts.
    `default_role` null: nobody is made just in time. `is_required`: no sign-in by password or
    passkey, but for `break_glass_user`.
    """

    issuer: Text
    client_id: Text
    client_secret: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)] | None = None
    domains: Annotated[list[Domain], msgspec.Meta(min_length=1, max_length=50)]
    role_claim: Name = "groups"
    role_mapping: Annotated[dict[Name, RoleName], msgspec.Meta(max_length=100)] = {}
    default_role: RoleName | None = None
    is_required: bool = False
    break_glass_user: UserId | None = None


class SingleSignOnView(msgspec.Struct, kw_only=True):
    """The settings without the secret. `redirect_uri` is what the provider has to be told,
    `sign_in_url` begins a sign-in."""

    issuer: str
    client_id: str
    domains: list[str]
    role_claim: str
    role_mapping: dict[str, str]
    default_role: str | None
    is_required: bool
    break_glass_user: str | None
    redirect_uri: str
    sign_in_url: str
    created_at: datetime
    updated_at: datetime


class SingleSignOnTest(msgspec.Struct, kw_only=True):
    """Whether the provider answers as it should. `code` and `detail` say what is wrong; `keys`
    is how many keys it signs with."""

    is_working: bool
    code: OidcFault | None = None
    detail: str | None = None
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    keys: int = 0
    warnings: list[str] = []


EXAMPLE: Final[dict[str, Any]] = {
    "issuer": "https://login.company.com",
    "client_id": "trailkeeper",
    "domains": ["company.com"],
    "role_claim": "groups",
    "role_mapping": {"audit-admins": "ADMIN", "engineering": "DEVELOPER"},
    "default_role": "TESTER",
    "is_required": True,
    "break_glass_user": "user-abc-123",
    "redirect_uri": "https://audit.company.com/sign-in/oidc/callback",
    "sign_in_url": "https://audit.company.com/sign-in/oidc?organization=acme-ai",
    "created_at": "2025-01-01T09:00:00Z",
    "updated_at": "2025-01-15T14:30:00Z",
}

TEST_EXAMPLE: Final[dict[str, Any]] = {
    "is_working": True,
    "code": None,
    "detail": None,
    "authorization_endpoint": "https://login.company.com/auth",
    "token_endpoint": "https://login.company.com/token",
    "keys": 2,
    "warnings": [],
}
