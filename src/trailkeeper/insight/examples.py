"""Examples of what is counted, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

COVERAGE: Final[dict[str, Any]] = {
    "start": "2024-12-31T23:00:00Z",
    "end": "2025-01-15T14:30:00Z",
    "before_start": "2024-12-17T07:30:00Z",
    "committed_upto": "2025-01-15T14:29:58.123456Z",
    "kept_from": "2024-10-17T14:30:00Z",
    "is_partial": False,
    "is_before_partial": False,
}

_ALICE: Final[dict[str, Any]] = {
    "user_id": "user-def-456",
    "name": "Alice Archer",
    "email": "alice@company.com",
}
_NIGHT: Final = [0] * 8
_WEEK: Final = [
    *([*_NIGHT, 4, 11, 14, 12, 5, 10, 13, 12, 9, 4, *_NIGHT[:6]] for _ in range(5)),
    *([0] * 24 for _ in range(2)),
]
_PLACE: Final[dict[str, Any]] = {
    "country": "DE",
    "city": "Berlin",
    "latitude": 52.52,
    "longitude": 13.41,
}


def _counted(resource_type: str, resource_id: str, name: str | None) -> dict[str, Any]:
    return {
        "resource_type": resource_type,
        "resource_id": resource_id,
        "resource_name": name,
        "count": 41,
        "before": 37,
        "users": 6,
    }


DASHBOARD: Final[dict[str, Any]] = {
    "time_zone": "Europe/Berlin",
    "total": {"count": 1250, "before": 1190},
    "active_users": {"count": 42, "before": 40},
    "resource_changes": {"count": 450, "before": 431},
    "failed_sign_ins": {"count": 12, "before": 30},
    "timeline": {
        "interval": "day",
        "step_seconds": 86400,
        "buckets": [
            {"start": "2025-01-13T23:00:00Z", "counts": {"LOGIN": 40, "UPDATE": 18}, "others": 2},
            {"start": "2025-01-14T23:00:00Z", "counts": {"LOGIN": 31}, "others": 0},
        ],
    },
    "actions": [
        {"value": "LOGIN", "count": 800, "before": 759},
        {"value": "UPDATE", "count": 450, "before": 431},
    ],
    "distinct_actions": 2,
    "resource_types": [{"value": "PROJECT", "count": 450, "before": 431}],
    "distinct_resource_types": 1,
    "coverage": COVERAGE,
}

TEAM: Final[dict[str, Any]] = {
    "time_zone": "Europe/Berlin",
    "active_users": {
        "daily": [{"date": "2025-01-14", "count": 31}, {"date": "2025-01-15", "count": 28}],
        "weekly": [{"date": "2025-01-13", "count": 35}],
        "monthly": [{"date": "2025-01-01", "count": 42}],
        "count": 42,
        "before": 40,
    },
    "total_actions": {"count": 1250, "before": 1190},
    "resource_changes": {
        "CREATE": {"count": 60, "before": 51},
        "UPDATE": {"count": 370, "before": 366},
        "DELETE": {"count": 20, "before": 14},
    },
    "peak_times": _WEEK,
    "days": ["2025-01-14", "2025-01-15"],
    "features": [
        {
            "action": "UPDATE",
            "resource_type": "PROJECT",
            "count": 370,
            "before": 366,
            "trend": [210, 160],
        }
    ],
    "power_users": [{**_ALICE, "count": 310, "before": 280}],
    "inactive_days": 30,
    "inactive_users": [
        {**_ALICE, "status": "active", "last_sign_in": "2024-11-02T08:15:00Z", "days": 74},
        {
            "user_id": "user-ghi-789",
            "name": None,
            "email": "bob@company.com",
            "status": "invited",
            "last_sign_in": None,
            "days": None,
        },
    ],
    "inactive_count": 2,
    "never_signed_in_count": 1,
    "most_changed_projects": [_counted("PROJECT", "project-abc-123", "My AI Project")],
    "most_accessed_models": [_counted("MODEL", "model-llama", "Llama")],
    "most_used_endpoints": [_counted("ENDPOINT", "endpoint-xyz-789", "production-api")],
    "active_clusters": [_counted("CLUSTER", "cluster-1", None)],
    "coverage": COVERAGE,
}

USER: Final[dict[str, Any]] = {
    "user_id": "user-def-456",
    "time_zone": "Europe/Berlin",
    "total": {"count": 310, "before": 280},
    "failed_sign_ins": {"count": 4, "before": 1},
    "hours": _WEEK,
    "usual_hours": [*({"from_hour": 8, "to_hour": 17} for _ in range(5)), None, None],
    "places": [
        {
            **_PLACE,
            "count": 301,
            "first_seen": "2025-01-02T08:00:00Z",
            "last_seen": "2025-01-15T14:30:00Z",
        }
    ],
    "resources": [
        {
            "resource_type": "PROJECT",
            "resource_id": "project-abc-123",
            "resource_name": "My AI Project",
            "count": 120,
            "last_seen": "2025-01-15T14:30:00Z",
        }
    ],
    "actions": [{"value": "UPDATE", "count": 210, "before": 190}],
    "sparkline": [10, 12, 0, 0, 9, 14, 13, 11, 8, 0, 0, 12, 15, 14, 10] * 2,
    "addresses": [{"ip_address": "203.0.113.7", "count": 301, "last_seen": "2025-01-15T14:30:00Z"}],
    "risk": {
        "score": 35,
        "level": "medium",
        "signals": [
            {
                "code": "NEW_COUNTRY",
                "weight": 25,
                "count": 1,
                "facts": {"countries": ["BR"], "known": ["DE"]},
            },
            {
                "code": "FAILED_SIGN_INS",
                "weight": 10,
                "count": 4,
                "facts": {"addresses": 1, "last_at": "2025-01-14T07:58:00+00:00"},
            },
        ],
    },
    "coverage": COVERAGE,
}

RESOURCES: Final[dict[str, Any]] = {
    "items": [
        {
            "resource_type": "PROJECT",
            "resource_id": "project-abc-123",
            "resource_name": "My AI Project",
            "events": 120,
            "changes": 41,
            "users": 6,
            "first_seen": "2025-01-02T08:00:00Z",
            "last_seen": "2025-01-15T14:30:00Z",
            "is_deleted": False,
        }
    ],
    "next_cursor": "WyJjaGFuZ2VzIixbNDEsIlBST0pFQ1QiLCJwcm9qZWN0LWFiYy0xMjMiXV0=",
    "coverage": COVERAGE,
}

PLACES: Final[dict[str, Any]] = {
    "items": [{**_PLACE, "succeeded": 301, "failed": 4, "users": 12}],
    "distinct": 1,
    "without_place": {"succeeded": 10, "failed": 8},
    "coverage": COVERAGE,
}
