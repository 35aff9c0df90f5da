"""Examples of what the routes of rules and detections answer, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from trailkeeper.detect.form import from_sentence, to_yaml

_SENTENCE: Final = "action:LOGIN_FAILED by ip_address more than 5 in 10 minutes"
_TEXT: Final = to_yaml(from_sentence(_SENTENCE, "Many failed logins"))
_ID: Final = "4c9a7a94-2f9f-5f2c-9d0e-3f3b6a1c2d10"

RULE: Final[dict[str, Any]] = {
    "id": _ID,
    "title": "Many failed logins",
    "description": "",
    "kind": "event_count",
    "severity": "high",
    "severity_of_text": "medium",
    "tags": [],
    "false_positives": [],
    "version": "9f86d081884c7d65",
    "is_built_in": False,
    "is_enabled": True,
    "window_seconds": 600,
    "group_by": ["ip_address"],
    "quiet_seconds": 0,
    "text": _TEXT,
    "form": {
        "title": "Many failed logins",
        "query": "action:LOGIN_FAILED",
        "more_than": 5,
        "window_seconds": 600,
        "group_by": ["ip_address"],
        "severity": "medium",
        "description": "",
        "quiet_seconds": 0,
    },
    "sentence": _SENTENCE,
    "warnings": [],
    "created_by": "user-def-456",
    "updated_by": "user-def-456",
    "created_at": "2025-01-15T14:30:00Z",
    "updated_at": "2025-01-15T14:30:00Z",
}
RULES: Final[dict[str, Any]] = {"items": [RULE]}
CHECK: Final[dict[str, Any]] = {
    "is_valid": False,
    "faults": [
        {
            "code": "RULE_UNKNOWN_FIELD",
            "file": "rule.yml",
            "line": 4,
            "column": 5,
            "detail": "'usr_id' is not a field.",
            "hint": "Did you mean 'user_id'?",
        }
    ],
    "warnings": [],
    "title": None,
    "text": "title: A rule\n…",
    "kind": None,
    "form": None,
    "sentence": None,
}

DETECTION: Final[dict[str, Any]] = {
    "id": "0193b3c2-6d4f-7a10-8f3e-1c2d3e4f5a6b",
    "rule_id": "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f0a02",
    "rule_version": "9f86d081884c7d65",
    "rule_title": "Many failed logins from one address",
    "severity": "high",
    "tags": ["attack.credential-access", "attack.t1110"],
    "group": [{"field": "ip_address", "value": "203.0.113.7"}],
    "group_text": "ip_address 203.0.113.7",
    "first_at": "2025-01-15T14:24:11Z",
    "last_at": "2025-01-15T14:30:02Z",
    "count": 28,
    "reasons": [
        "6 events within 10 minutes (the rule asks for more than 5), ip_address 203.0.113.7.",
        "28 events from 2025-01-15 14:24:11 to 2025-01-15 14:30:02 UTC.",
    ],
    "evidence": ["0193b3c2-5a1e-7c44-9d2b-0a1b2c3d4e5f"],
    "search_link": "/explorer?q=ip_address%3A%22203.0.113.7%22+%28action%3ALOGIN_FAILED%29",
    "state": "open",
    "assignee": None,
    "suppressed_by": None,
    "opened_at": "2025-01-15T14:25:40Z",
    "updated_at": "2025-01-15T14:30:02Z",
    "closed_at": None,
}
DETECTION_COUNTS: Final[dict[str, Any]] = {
    "by_state": {"open": 3, "resolved": 12},
    "by_severity": {"high": 4, "medium": 11},
    "by_rule": {"4f5ae0e0-3b8a-4a53-9df0-0a4b2f8f6c11": 15},
}
DETECTIONS: Final[dict[str, Any]] = {"items": [DETECTION], "next_cursor": None}
DETAILS: Final[dict[str, Any]] = {
    **DETECTION,
    "history": [
        {
            "at": "2025-01-15T14:25:40Z",
            "actor": None,
            "what": "opened",
            "content": {"count": 6},
        }
    ],
}
BULK: Final[dict[str, Any]] = {"changed": 3}

SUPPRESSION: Final[dict[str, Any]] = {
    "id": "0193b3c2-7e5f-7b21-8a4d-2d3e4f5a6b7c",
    "rule_id": None,
    "subject": "network",
    "value": "203.0.113.0/24",
    "reason": "Penetration test, ticket 4711",
    "starts_at": "2025-01-15T14:25:00Z",
    "ends_at": "2025-01-22T18:00:00Z",
    "created_by": "user-def-456",
    "created_at": "2025-01-15T14:30:00Z",
}
SUPPRESSIONS: Final[dict[str, Any]] = {"items": [SUPPRESSION]}

REHEARSAL: Final[dict[str, Any]] = {
    "id": "0193b3c2-8f60-7c32-9b5e-3e4f5a6b7c8d",
    "title": "Many failed logins",
    "days": 90,
    "state": "done",
    "done": 90,
    "total": 91,
    "result": {
        "detections": 1,
        "events": 34,
        "by_day": [{"day": "2025-01-15", "count": 1}],
        "by_group": [{"group": "ip_address 203.0.113.7", "count": 1}],
        "first": [
            {
                "group": "ip_address 203.0.113.7",
                "first_at": "2025-01-15T14:24:11Z",
                "last_at": "2025-01-15T14:30:02Z",
                "count": 28,
                "reasons": ["6 events within 10 minutes (the rule asks for more than 5)."],
                "search_link": "/explorer?q=ip_address%3A%22203.0.113.7%22",
            }
        ],
    },
    "error": "",
    "created_by": "user-def-456",
    "created_at": "2025-01-15T15:00:00Z",
    "finished_at": "2025-01-15T15:00:01Z",
}

IMPORT: Final[dict[str, Any]] = {
    "usable": 1,
    "doubtful": 0,
    "unusable": 1,
    "rules": [
        {
            "title": "Login from an unusual agent",
            "file": "agent.yml",
            "line": 1,
            "outcome": "usable",
            "id": _ID,
            "reasons": [],
            "mapped": {"userAgent": "user_agent"},
            "unmapped": [],
            "logsource": "product=okta service=okta",
        }
    ],
    "unreadable": [],
    "most_missed": [{"name": "EventID", "rules": 1}],
    "kept": [],
}
