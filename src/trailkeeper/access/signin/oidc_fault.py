"""What can go wrong with single sign-on, as stable codes of our own.

A provider's words are never shown: an error page that repeats what a stranger wrote is one
that a stranger can write.
"""

from __future__ import annotations

from enum import StrEnum


class OidcFault(StrEnum):
    """The `CODE` in `/sign-in#error=CODE`, and the reason on the record."""

    NOT_SET_UP = "SINGLE_SIGN_ON_NOT_SET_UP"
    RETURN_TO = "RETURN_TO_INVALID"
    STATE = "OIDC_STATE_INVALID"
    ISSUER = "OIDC_ISSUER_MISMATCH"
    DENIED = "OIDC_DENIED"
    PROVIDER_ERROR = "OIDC_PROVIDER_ERROR"
    UNAVAILABLE = "OIDC_PROVIDER_UNAVAILABLE"
    ADDRESS = "OIDC_ADDRESS_REFUSED"
    ANSWER = "OIDC_ANSWER_INVALID"
    CODE = "OIDC_CODE_REFUSED"
    CLIENT = "OIDC_CLIENT_REFUSED"
    TOKEN = "OIDC_TOKEN_INVALID"
    EMAIL = "OIDC_EMAIL_UNVERIFIED"
    DOMAIN = "OIDC_DOMAIN_NOT_ALLOWED"
    UNKNOWN = "OIDC_USER_UNKNOWN"
    AMBIGUOUS = "OIDC_USER_AMBIGUOUS"
    INVITATION = "OIDC_INVITATION_NEEDED"
    MISMATCH = "OIDC_USER_MISMATCH"
    SHUT_OUT = "OIDC_USER_SHUT_OUT"
    NO_ROLE = "OIDC_NO_ROLE"


class OidcRefused(Exception):
    """Ends a sign-in. `detail` is for the record and repeats nothing that a stranger wrote.

    `email` is the address that was attempted, `user_id` the member it would have been.
    """

    def __init__(
        self, fault: OidcFault, detail: str, *, email: str = "", user_id: str = ""
    ) -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail
        self.email = email
        self.user_id = user_id
