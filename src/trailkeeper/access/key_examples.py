"""Examples of what the routes of keys and allow-list answer, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

KEY: Final[dict[str, Any]] = {
    "id": "0123456789abcdef",
    "name": "collector",
    "prefix": "tk_0123456789abcdef",
    "permissions": ["event:write"],
    "allow_list": ["203.0.113.0/24", "2001:db8::7"],
    "created_by": "user-def-456",
    "replaced_by": "fedcba9876543210",
    "created_at": "2025-01-01T09:00:00Z",
    "expires_at": "2026-01-01T00:00:00Z",
    "revoked_at": "2025-06-01T00:00:00Z",
    "leaked_at": "2025-05-31T18:20:00Z",
    "last_used_at": "2025-01-15T14:30:00Z",
    "last_used_address": "203.0.113.42",
}

KEYS: Final[dict[str, Any]] = {"items": [KEY]}

ISSUED_KEY: Final[dict[str, Any]] = {**KEY, "key": "tk_0123456789abcdef_…"}

ALLOW_LIST: Final[dict[str, Any]] = {
    "entries": [
        {"network": "203.0.113.0/24", "note": "office"},
        {"network": "2001:db8::7", "note": "build server"},
    ],
    "your_address": "203.0.113.42",
}
