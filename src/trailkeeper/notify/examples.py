"""Examples of what the routes of this room answer, for the OpenAPI document.

What may be null has a value here: the document's writer leaves out fields that are null.
"""

from __future__ import annotations

from typing import Any, Final

CHANNEL: Final[dict[str, Any]] = {
    "id": "0123456789abcdef",
    "name": "security on Slack",
    "kind": "slack",
    "hint": "hooks.slack.com",
    "to": [],
    "is_enabled": True,
    "per_minute": 60,
    "held_until": "2025-01-15T14:31:00Z",
    "created_by": "user-def-456",
    "created_at": "2025-01-01T09:00:00Z",
    "updated_at": "2025-01-01T09:00:00Z",
}

CHANNELS: Final[dict[str, Any]] = {"items": [CHANNEL]}

ISSUED_CHANNEL: Final[dict[str, Any]] = {
    **CHANNEL,
    "name": "our own receiver",
    "kind": "webhook",
    "hint": "alerts.example.com",
    "secret": "whsec_…",
}

TRIAL: Final[dict[str, Any]] = {
    "is_delivered": False,
    "response_code": 404,
    "said": "The far end answered 404: no_service",
    "error": "FAR_END_REFUSED",
    "elapsed_ms": 84,
}

ALERT_SETTING: Final[dict[str, Any]] = {
    "id": "fedcba9876543210",
    "name": "what is bad, at once",
    "is_enabled": True,
    "plan": {
        "min_severity": "high",
        "tags": [],
        "rule_id": "multiple-failed-logins",
        "on": ["opened", "reopened"],
        "channels": ["0123456789abcdef"],
        "people": ["user-def-456"],
        "roles": ["ADMIN"],
        "quiet_hours": {
            "start": "22:00",
            "end": "07:00",
            "days": [1, 2, 3, 4, 5, 6, 7],
            "critical_breaks_through": True,
        },
        "digest_minutes": 30,
        "escalation": {
            "after_minutes": 15,
            "channels": [],
            "people": [],
            "roles": ["SUPER_ADMIN"],
            "setting": "0123456789abcdef",
        },
    },
    "created_at": "2025-01-01T09:00:00Z",
    "updated_at": "2025-01-01T09:00:00Z",
}

ALERT_SETTINGS: Final[dict[str, Any]] = {"items": [ALERT_SETTING]}

DELIVERY: Final[dict[str, Any]] = {
    "id": "0194a2b3-4c5d-7e6f-8a9b-0c1d2e3f4a5b",
    "channel_id": "0123456789abcdef",
    "channel_name": "security on Slack",
    "detection_id": "4f1d…",
    "rule_title": "Multiple failed logins",
    "severity": "high",
    "what": "opened",
    "recipient": "",
    "state": "dead",
    "message_id": "0194a2b3-4c5d-7e6f-8a9b-0c1d2e3f4a5b",
    "attempts": 1,
    "next_at": "2025-01-15T14:30:05Z",
    "response_code": 404,
    "error": "FAR_END_REFUSED: The far end answered 404: no_service",
    "created_at": "2025-01-15T14:30:00Z",
    "sent_at": "2025-01-15T14:30:00Z",
}

DELIVERIES: Final[dict[str, Any]] = {"items": [DELIVERY], "next_cursor": DELIVERY["id"]}

RETRIED: Final[dict[str, Any]] = {
    **DELIVERY,
    "state": "ready",
    "attempts": 0,
}

NOTIFICATION: Final[dict[str, Any]] = {
    "id": 42,
    "title": "High: Multiple failed logins",
    "what": "opened",
    "severity": "high",
    "detection_id": "4f1d…",
    "rule_id": "multiple-failed-logins",
    "rule_title": "Multiple failed logins",
    "group": "ip_address 203.0.113.42",
    "count": 7,
    "reasons": ["7 failed logins from 203.0.113.42 in 10 minutes; more than 5 raise this."],
    "link": "/explorer?q=action%3ALOGIN_FAILED",
    "is_read": False,
    "created_at": "2025-01-15T14:30:00Z",
}

INBOX: Final[dict[str, Any]] = {
    "items": [NOTIFICATION],
    "unread": 1,
    "next_cursor": "W2ZhbHNlLDQyXQ==",
}

UNREAD: Final[dict[str, Any]] = {"unread": 0}
