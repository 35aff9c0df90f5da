"""What people do to accounts: signing in and out, profiles, invitations, settings."""

from __future__ import annotations

from typing import Final

from trailkeeper.demo.people import DOMAIN, ORGANIZATION, Person, Role
from trailkeeper.demo.verbs import Details, Outcome
from trailkeeper.demo.words import SETTINGS, USER
from trailkeeper.demo.world import Session, World

ORGANIZATION_ID: Final = "organization-acme-ai"
LOGIN_METHODS: Final = ("sso", "sso", "sso", "email_password", "email_password")
PROFILE_FIELDS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("theme", ("light", "dark", "system")),
    ("language", ("en", "de", "pl", "hi")),
    ("phone", ("not set", "set")),
    ("notifications", ("all", "mentions", "none")),
)
POLICIES: Final[tuple[tuple[str, tuple[object, ...]], ...]] = (
    ("session_timeout_minutes", (480, 240, 720)),
    ("default_quota_gpu_hours", (100, 150, 200, 250)),
    ("require_two_factor", (True, False)),
    ("export_formats", ("csv,json", "csv,json,parquet")),
    ("ip_allow_list_size", (4, 5, 6)),
)
GUEST_COMPANIES: Final = ("partner.example", "customer.example", "agency.example")


def account(person: Person, action: str, details: Details, *, ok: bool = True) -> Outcome:
    """An outcome about `person`'s account."""
    return action, USER, person.id, person.name, ok, details


def self_of(session: Session) -> Person:
    if session.person is None:
        raise ValueError("only people sign in, and this session is a program's")
    return session.person


def login_details(method: str) -> Details:
    return {"login_method": method, "tenant_name": ORGANIZATION}


def login(world: World, session: Session) -> Outcome:
    person = self_of(session)
    details = login_details(LOGIN_METHODS[person.index % len(LOGIN_METHODS)])
    if person.index % 2:
        details["second_factor"] = "totp"
    return account(person, "LOGIN", details)


def logout(world: World, session: Session) -> Outcome:
    seconds = world.duration() * 9 + 30
    return account(self_of(session), "LOGOUT", {"session_seconds": seconds})


def mistype(world: World, session: Session) -> Outcome:
    """A failed login claims an account and proves nothing: the event has no `user_id`."""
    person = self_of(session)
    reason = "Invalid credentials" if world.random() < 0.8 else "Invalid second factor"
    details: Details = {"reason": reason, "attempted_email": person.email}
    return account(person, "LOGIN_FAILED", details, ok=False)


def stray_attempt(world: World, session: Session) -> Outcome:
    """A stranger tries an address that may or may not exist."""
    details: Details = {
        "reason": "Unknown account",
        "attempted_email": session.base["user_email"],
    }
    return "LOGIN_FAILED", USER, None, None, False, details


def reset_own_password(world: World, session: Session) -> Outcome:
    return account(self_of(session), "PASSWORD_RESET", {"method": "email_link"})


def reset_password(world: World, session: Session) -> Outcome:
    person = world.choose(world.members)
    details: Details = {"method": "admin_reset", "reason": "Requested by the user"}
    return account(person, "PASSWORD_RESET", details)


def update_profile(world: World, session: Session) -> Outcome:
    field, values = world.choose(PROFILE_FIELDS)
    place = int(world.random() * len(values))
    details: Details = {
        "changed_fields": [field],
        "old_value": values[place - 1],
        "new_value": values[place],
    }
    return account(self_of(session), "UPDATE", details)


def view_member(world: World, session: Session) -> Outcome:
    person = world.choose(world.members)
    details: Details = {
        "tab": world.choose(("profile", "activity", "permissions")),
        "duration_ms": world.duration(),
    }
    return account(person, "VIEW", details)


def grant_project(world: World, session: Session) -> Outcome:
    """An admin gives a member a project, or takes it away."""
    person = world.choose(world.members)
    project = world.pick("PROJECT", session)
    levels = ("none", "viewer", "editor")
    place = int(world.random() * 3)
    details: Details = {
        "changed_fields": ["project_access"],
        "old_value": levels[place - 1],
        "new_value": levels[place],
        "project_name": project.name,
        "project_id": project.id,
    }
    return account(person, "UPDATE", details)


def invite(world: World, session: Session) -> Outcome:
    guest = f"guest.{world.bits(16):04x}@{world.choose(GUEST_COMPANIES)}"
    details: Details = {"invited_email": guest, "role": Role.TESTER, "expires_in_days": 7}
    return "INVITE", USER, None, guest, True, details


def update_settings(world: World, session: Session) -> Outcome:
    field, values = world.choose(POLICIES)
    place = int(world.random() * len(values))
    details: Details = {
        "changed_fields": [field],
        "old_value": values[place - 1],
        "new_value": values[place],
    }
    return "UPDATE", SETTINGS, ORGANIZATION_ID, ORGANIZATION, True, details


def export_log(world: World, session: Session) -> Outcome:
    details: Details = {
        "format": world.choose(("csv", "json")),
        "rows": int(world.random() ** 2 * 20_000) + 50,
        "filter": world.choose(("action=LOGIN", "resource_type=USER", "last 30 days")),
    }
    return "EXPORT", "AUDIT_LOG", ORGANIZATION_ID, ORGANIZATION, True, details


def guest_address(world: World) -> str:
    """An account name that a stranger might try."""
    stem = world.choose(("admin", "root", "info", "test", "support", "office", "postmaster"))
    return f"{stem}@{DOMAIN}"
