"""Examples of what the access room answers with, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

ORGANIZATION: Final[dict[str, Any]] = {
    "id": "acme-ai",
    "name": "Acme AI",
    "time_zone": "Europe/Berlin",
    "retention_days": 90,
    "retention_rules": [{"action": "LOGIN", "resource_type": "USER", "days": 365}],
    "redaction": {
        "key_patterns": ["iban"],
        "value_patterns": [],
        "paths": ["customer.email"],
        "allowed_paths": [],
    },
    "working_hours": {
        "start": "09:00",
        "end": "18:00",
        "days": [1, 2, 3, 4, 5],
        "holidays": ["2025-12-25"],
    },
    "created_at": "2025-01-01T09:00:00Z",
}

USER: Final[dict[str, Any]] = {
    "user_id": "user-def-456",
    "name": "Alice Archer",
    "user_email": "alice@company.com",
    "role": "DEVELOPER",
    "status": "active",
    "first_seen_at": "2025-01-02T08:00:00Z",
    "last_seen_at": "2025-01-15T14:30:00Z",
    "last_login_at": "2025-01-15T09:00:00Z",
    "events": 1204,
    "events_30d": 310,
    "failed_logins": 2,
}

USERS: Final[dict[str, Any]] = {
    "items": [USER],
    "next_cursor": "WyJsYXN0X3NlZW4iLCJkZXNjIiwiMjAyNS0wMSJd",
}

PROFILE: Final[dict[str, Any]] = {
    **USER,
    "permissions": ["event:write"],
    "has_account": True,
    "created_at": "2025-01-01T09:00:00Z",
    "last_sign_in_at": "2025-01-15T09:00:00Z",
}

DELETED_USER: Final[dict[str, Any]] = {
    "user_id": "user-def-456",
    "status": "deleted",
    "sessions_ended": 2,
    "keys": [
        {
            "id": "9f2c4e6a8b0d1f35",
            "name": "nightly import",
            "prefix": "tk_9f2c4e6a8b0d1f35",
            "is_revoked": False,
        }
    ],
}

ROLE: Final[dict[str, Any]] = {
    "name": "AUDITOR",
    "description": "Reads and exports activity",
    "permissions": ["export:create", "user:view"],
    "is_built_in": False,
    "members": 3,
}

ROLES: Final[dict[str, Any]] = {"items": [ROLE]}

PERMISSIONS: Final[dict[str, Any]] = {
    "items": [
        {
            "name": "user:manage",
            "description": "Invite, change and delete users",
            "implies": "user:view",
        }
    ]
}

INVITATION: Final[dict[str, Any]] = {
    "user_id": "user-def-456",
    "email": "alice@company.com",
    "name": "Alice Archer",
    "role": "DEVELOPER",
    "invited_at": "2025-01-01T09:00:00Z",
    "expires_at": "2025-01-08T09:00:00Z",
    "is_expired": False,
}

INVITATIONS: Final[dict[str, Any]] = {"items": [INVITATION]}

OPEN_INVITATION: Final[dict[str, Any]] = {
    "organization": "Acme AI",
    "email": "alice@company.com",
    "name": "Alice Archer",
    "role": "DEVELOPER",
    "has_account": False,
    "expires_at": "2025-01-08T09:00:00Z",
}
