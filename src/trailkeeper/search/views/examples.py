"""Examples of saved views, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

VIEW: Final[dict[str, Any]] = {
    "id": "01946a5e-7c80-7b4e-9c2e-3f1f6f0a1b2c",
    "name": "Failed sign-ins",
    "query": "q=action%3ALOGIN_FAILED&range=7d",
    "is_shared": True,
    "is_starred": True,
    "is_own": True,
    "author": "user-def-456",
    "author_name": "Alice Archer",
    "created_at": "2025-01-15T14:30:00Z",
    "updated_at": "2025-01-15T14:30:00Z",
}

VIEWS: Final[dict[str, Any]] = {"items": [VIEW]}
