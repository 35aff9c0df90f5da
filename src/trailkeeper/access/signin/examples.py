"""Examples of answers, as OpenAPI shows them."""

from __future__ import annotations

from typing import Any, Final

ACME: Final[dict[str, Any]] = {
    "id": "acme-ai",
    "name": "Acme AI",
    "time_zone": "Europe/Berlin",
    "role": "TESTER",
}
ME: Final[dict[str, Any]] = {
    "kind": "person",
    "organization": ACME,
    "organizations": [ACME],
    "user_id": "user-def-456",
    "email": "alice@company.com",
    "name": "Alice Doe",
    "role": "TESTER",
    "permissions": [],
    "key_id": None,
    "session_id": "0f3a5c7e9b1d4f6a8c0e2d4b6f8a0c1e",
    "csrf_token": "5f1d7c0b9e3a4d6288f0c1b2a3948576e1d2c3b4a5968778695a4b3c2d1e0f90",
    "second_factor": {"methods": ["recovery_code", "totp"], "required_from": None},
    "must_enroll": False,
}
SIGNED_IN: Final[dict[str, Any]] = {
    "status": "signed_in",
    "me": ME,
    "ticket": None,
    "methods": [],
}
SESSIONS: Final[dict[str, Any]] = {
    "items": [
        {
            "id": "0f3a5c7e9b1d4f6a8c0e2d4b6f8a0c1e",
            "organization": "acme-ai",
            "method": "password",
            "has_second_factor": True,
            "address": "192.168.1.100",
            "country": "DE",
            "city": "Berlin",
            "device": "Firefox on Linux",
            "created_at": "2025-01-15T09:00:00Z",
            "last_seen_at": "2025-01-15T14:30:00Z",
            "expires_at": "2025-02-14T09:00:00Z",
            "is_current": True,
        }
    ]
}
SETUP: Final[dict[str, Any]] = {"needed": False, "demo": True}
ACCEPTED: Final[dict[str, Any]] = {"status": "accepted"}
ENDED: Final[dict[str, Any]] = {"ended": 3}
