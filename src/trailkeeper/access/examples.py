"""Examples of what the access room answers with, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

KEY: Final[dict[str, Any]] = {
    "id": "0123456789abcdef",
    "name": "collector",
    "prefix": "tk_0123456789abcdef",
    "permissions": ["event:write"],
    "created_at": "2025-01-01T09:00:00Z",
    "expires_at": "2026-01-01T00:00:00Z",
    "revoked_at": "2025-06-01T00:00:00Z",
    "last_used_at": "2025-01-15T14:30:00Z",
    "last_used_address": "203.0.113.42",
}

KEYS: Final[dict[str, Any]] = {"items": [KEY]}

ISSUED_KEY: Final[dict[str, Any]] = {**KEY, "key": "tk_0123456789abcdef_…"}

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

USERS: Final[dict[str, Any]] = {
    "items": [
        {
            "user_id": "user-def-456",
            "user_email": "alice@company.com",
            "first_seen_at": "2025-01-02T08:00:00Z",
            "last_seen_at": "2025-01-15T14:30:00Z",
            "last_login_at": "2025-01-15T09:00:00Z",
            "events": 1204,
            "failed_logins": 2,
        }
    ],
    "next_cursor": "eyJ1IjoiYWxpY2UifQ",
}
