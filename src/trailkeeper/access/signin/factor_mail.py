"""Mails about second factors, to the address of the account."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from trailkeeper.access.signin.recovery import FEW
from trailkeeper.access.trail import Requester
from trailkeeper.outbound.letter import PRODUCT, Letter, shown, to_mail
from trailkeeper.outbound.links import link_to
from trailkeeper.outbound.mail import Mail
from trailkeeper.outbound.templates import (
    Occurrence,
    TwoFactorChange,
    TwoFactorChanged,
    two_factor_changed_mail,
)

SECURITY_PAGE: Final = "/settings/security"
SUBJECT: Final = "your two-factor sign-in was changed"


def factor_changed_mail(
    to: str, change: TwoFactorChange, public_url: str, requester: Requester, now: datetime
) -> Mail:
    link = link_to(public_url, SECURITY_PAGE)
    return two_factor_changed_mail(TwoFactorChanged(to, change, link, _occurrence(requester, now)))


def code_used_mail(
    to: str, left: int, public_url: str, requester: Requester, now: datetime
) -> Mail:
    """A recovery code was used; with few left, it says what to do."""
    more = " Make new ones before they run out." if left <= FEW else ""
    return to_mail(
        to,
        Letter(
            subject="a recovery code was used",
            what=f"A recovery code was used to sign in to your {PRODUCT} account. "
            f"{left} {'is' if left == 1 else 'are'} left.{more}",
            facts=_occurrence(requester, now).facts(),
            link=("Look at your recovery codes", link_to(public_url, SECURITY_PAGE)),
            if_not_you="If it was not you, somebody has your password and your codes: change "
            "the password, make new codes and tell an administrator of your organization.",
        ),
    )


def wrong_codes_mail(to: str, public_url: str, requester: Requester, now: datetime) -> Mail:
    """Somebody passed the first step and not the second, as often as it is allowed."""
    return to_mail(
        to,
        Letter(
            subject="sign-in stopped at the second factor",
            what=f"Somebody gave the right password of your {PRODUCT} account and then failed "
            "at the second factor several times. They did not get in.",
            facts=_occurrence(requester, now).facts(),
            link=("Look at your sign-in settings", link_to(public_url, SECURITY_PAGE)),
            if_not_you="If it was not you, somebody knows your password: change it.",
        ),
    )


def copied_passkey_mail(
    to: str, name: str, public_url: str, requester: Requester, now: datetime
) -> Mail:
    """An authenticator counted backwards, as only one of two with the same key does."""
    return to_mail(
        to,
        Letter(
            subject="a passkey may have been copied",
            what=f"A sign-in to your {PRODUCT} account was refused: its passkey has been used "
            "somewhere else since. There may be a copy of it.",
            facts=(("Passkey", shown(name)), *_occurrence(requester, now).facts()),
            link=("Look at your passkeys", link_to(public_url, SECURITY_PAGE)),
            if_not_you="Remove this passkey, make a new one, and tell an administrator of your "
            "organization.",
        ),
    )


def factors_reset_mail(
    to: str, organization: str, public_url: str, requester: Requester, now: datetime
) -> Mail:
    who = shown(requester.email or requester.user_id)
    return to_mail(
        to,
        Letter(
            subject=SUBJECT,
            what=f"An administrator of {shown(organization)} removed the second factors of your "
            f"{PRODUCT} account: authenticator app, passkeys and recovery codes. All your "
            "sessions were ended; your password is the same.",
            facts=(("By", who), *Occurrence(now).facts()),
            link=("Sign in and set up a new one", link_to(public_url, SECURITY_PAGE)),
            if_not_you="If you did not ask for it, change your password and ask the "
            "administrator why.",
        ),
    )


def _occurrence(requester: Requester, now: datetime) -> Occurrence:
    return Occurrence(now, requester.address, device=requester.user_agent or None)
