"""The mails that Trailkeeper writes: what happened, when, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trailkeeper.outbound.letter import PRODUCT, Letter, moment, shown, to_mail
from trailkeeper.outbound.mail import Mail


@dataclass(frozen=True, slots=True)
class Occurrence:
    """When and where something happened; what is not known is None and left out."""

    at: datetime
    ip_address: str | None = None
    city: str | None = None
    country: str | None = None
    device: str | None = None

    def facts(self) -> tuple[tuple[str, str], ...]:
        place = ", ".join(shown(each) for each in (self.city, self.country) if each)
        known = (
            ("When", moment(self.at)),
            ("Address", shown(self.ip_address or "")),
            ("Place", place),
            ("Device", shown(self.device or "")),
        )
        return tuple((label, value) for label, value in known if value)


@dataclass(frozen=True, slots=True)
class Invitation:
    to: str
    organization: str
    invited_by: str
    role: str
    link: str = field(repr=False)
    expires_at: datetime


def invitation_mail(invitation: Invitation) -> Mail:
    organization = shown(invitation.organization)
    return to_mail(
        invitation.to,
        Letter(
            subject=f"invitation to {organization}",
            what=f"You are invited to {organization} on {PRODUCT}.",
            facts=(
                ("Organization", organization),
                ("Invited by", shown(invitation.invited_by)),
                ("Role", shown(invitation.role)),
                ("Valid until", moment(invitation.expires_at)),
            ),
            link=("Accept the invitation", invitation.link),
            if_not_you="The link works once. If you expected no invitation, do nothing: "
            "without it there is no account.",
        ),
    )


@dataclass(frozen=True, slots=True)
class PasswordReset:
    to: str
    link: str = field(repr=False)
    expires_at: datetime
    occurrence: Occurrence


def password_reset_mail(reset: PasswordReset) -> Mail:
    return to_mail(
        reset.to,
        Letter(
            subject="set a new password",
            what=f"Someone asked to set a new password for your {PRODUCT} account.",
            facts=(*reset.occurrence.facts(), ("Valid until", moment(reset.expires_at))),
            link=("Set a new password", reset.link),
            if_not_you="The link works once. If it was not you, do nothing: your password "
            "stays as it is.",
        ),
    )


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """`link` leads to where a password is reset."""

    to: str
    link: str = field(repr=False)
    occurrence: Occurrence


def password_changed_mail(change: PasswordChanged) -> Mail:
    return to_mail(
        change.to,
        Letter(
            subject="your password was changed",
            what=f"The password of your {PRODUCT} account was changed. "
            "All other sessions were ended.",
            facts=change.occurrence.facts(),
            link=("Reset the password", change.link),
            if_not_you="If it was not you, reset the password at once and tell an "
            "administrator of your organization.",
        ),
    )


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """A sign-in from a device or place not seen before. `link` leads to the sessions."""

    to: str
    link: str = field(repr=False)
    occurrence: Occurrence


def new_sign_in_mail(sign_in: NewSignIn) -> Mail:
    return to_mail(
        sign_in.to,
        Letter(
            subject="sign-in from a new device or place",
            what=f"Your {PRODUCT} account was signed in to from a device or place "
            "that was not seen before.",
            facts=sign_in.occurrence.facts(),
            link=("Look at your sessions", sign_in.link),
            if_not_you="If it was you, there is nothing to do. If it was not, end that session, "
            "change your password and tell an administrator of your organization.",
        ),
    )


class TwoFactorChange(StrEnum):
    """What was changed, as the mail says it."""

    TOTP_ADDED = "an authenticator app was added"
    TOTP_REMOVED = "the authenticator app was removed"
    PASSKEY_ADDED = "a passkey was added"
    PASSKEY_REMOVED = "a passkey was removed"
    RECOVERY_CODES_RENEWED = "new recovery codes were made; the old ones are void"
    RECOVERY_CODE_USED = "a recovery code was used"


@dataclass(frozen=True, slots=True)
class TwoFactorChanged:
    """`link` leads to the account's security page."""

    to: str
    change: TwoFactorChange
    link: str = field(repr=False)
    occurrence: Occurrence


def two_factor_changed_mail(changed: TwoFactorChanged) -> Mail:
    return to_mail(
        changed.to,
        Letter(
            subject="your two-factor sign-in was changed",
            what=f"On your {PRODUCT} account, {changed.change}.",
            facts=changed.occurrence.facts(),
            link=("Look at your sign-in settings", changed.link),
            if_not_you="If it was not you, change your password, end all sessions and tell an "
            "administrator of your organization.",
        ),
    )


@dataclass(frozen=True, slots=True)
class KeyFound:
    """An API key that was found in an event. `key_prefix` is the part that is no secret.

    `sent_by` is who sent the event, `link` leads to the organization's keys. For an event of
    another organization, `event_id`, `action` and `sent_by` are empty.
    """

    to: str
    organization: str
    key_name: str
    key_prefix: str
    event_id: str
    action: str
    sent_by: str
    link: str = field(repr=False)
    occurrence: Occurrence


def key_found_mail(found: KeyFound) -> Mail:
    organization = shown(found.organization)
    event = f"{shown(found.event_id)} ({shown(found.action)})" if found.event_id else ""
    facts = (
        ("Key", f"{shown(found.key_name)} ({shown(found.key_prefix)}…)"),
        ("Event", event or "one that was sent to another organization"),
        ("Sent by", shown(found.sent_by)),
    )
    return to_mail(
        found.to,
        Letter(
            subject="an API key was found in an event",
            what=f"An event that was sent to {PRODUCT} had an API key of {organization} in it. "
            "The key was removed from the event before it was stored, but it is known to "
            "whatever wrote it there.",
            facts=(
                *((label, value) for label, value in facts if value),
                *found.occurrence.facts(),
            ),
            link=("Look at the keys", found.link),
            if_not_you="Make a new key, put it in place of this one, and revoke this one. "
            "Then look for who used it.",
        ),
    )
