"""Examples of access at a moment, for the OpenAPI document: the product text's own cases."""

from __future__ import annotations

from typing import Any, Final

_LOG: Final = {
    "reaches_back_to": "2024-10-17T00:00:00Z",
    "is_complete": True,
    "told": "The log reaches back to 2024-10-17; nothing since is missing.",
}


def _event(action: str, resource_type: str) -> dict[str, Any]:
    return {
        "id": "01946a5e-7c80-7b4e-9c2e-3f1f6f0a1b2c",
        "timestamp": "2025-01-15T15:00:00Z",
        "action": action,
        "resource_type": resource_type,
        "user_id": "admin-789",
        "user_email": "admin@company.com",
        "on_behalf_of": None,
        "source": "UI",
    }


_ROLE_CHANGE: Final = {
    "field": "role",
    "old": "DEVELOPER",
    "new": "ADMIN",
    "event": _event("UPDATE", "USER"),
}

_ACTIVE: Final = {"value": "active", "basis": "present", "event": None}

USER_ACCESS: Final[dict[str, Any]] = {
    "user_id": "user-def-456",
    "at": "2025-01-20T12:00:00Z",
    "role": {"value": "ADMIN", "basis": "event", "event": _event("UPDATE", "USER")},
    "status": _ACTIVE,
    "permissions": {"value": ["event:write", "user:view"], "basis": "present", "event": None},
    "keys": [
        {
            "id": "0f2b6c1d9e8a7b45",
            "name": "billing",
            "permissions": ["event:write"],
            "expires_at": None,
            "status": "active",
            "created": _event("CREATE", "API_KEY"),
            "last_change": _event("CREATE", "API_KEY"),
        }
    ],
    "changes": [_ROLE_CHANGE],
    "next_change": None,
    "log": _LOG,
}

_LOST: Final = {
    "kind": "revoked",
    "subject": "user-def-456",
    "field": "project_access",
    "old": "editor",
    "new": None,
    "event": _event("UPDATE", "USER"),
}

RESOURCE_ACCESS: Final[dict[str, Any]] = {
    "resource_type": "PROJECT",
    "resource_id": "project-abc-123",
    "resource_name": "My AI Project",
    "at": "2025-01-20T12:00:00Z",
    "user_id": "user-def-456",
    "exists": True,
    "access": [],
    "lost_by": _LOST,
    "changes": [_LOST],
    "next_change": None,
    "account": {"role": None, "status": _ACTIVE, "changes": []},
    "log": _LOG,
}

VIEWERS: Final[dict[str, Any]] = {
    "items": [
        {
            "user_id": "admin-789",
            "user_email": "admin@company.com",
            "is_self": False,
            "looks": 5,
            "searches": 3,
            "views": 1,
            "exports": 1,
            "first_at": "2025-01-15T15:00:00Z",
            "last_at": "2025-01-20T09:30:00Z",
        }
    ],
    "start": "2024-10-22T12:00:00Z",
    "end": None,
}
