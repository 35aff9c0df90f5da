"""Examples of what a search answers with, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

COVERAGE: Final[dict[str, Any]] = {
    "start": "2025-01-01T00:00:00Z",
    "end": "2025-02-01T00:00:00Z",
    "committed_upto": "2025-01-31T12:00:00.123456Z",
}

EVENT: Final[dict[str, Any]] = {
    "id": "01946a5e-7c80-7b4e-9c2e-3f1f6f0a1b2c",
    "action": "CREATE",
    "resource_type": "PROJECT",
    "resource_id": "project-abc-123",
    "resource_name": "My AI Project",
    "user_id": "user-def-456",
    "user_email": "alice@company.com",
    "on_behalf_of": "user-abc-123",
    "timestamp": "2025-01-15T14:30:00Z",
    "ip_address": "192.168.1.100",
    "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)",
    "status": "SUCCESS",
    "source": "UI",
    "details": {"project_name": "My AI Project"},
    "redacted": ["details.api_key"],
    "organization": "default",
    "received_at": "2025-01-15T14:30:00.250000Z",
    "node": 3,
    "node_seq": 1204,
    "enrich": {
        "country": "DE",
        "city": "Berlin",
        "latitude": 52.52,
        "longitude": 13.41,
        "local_hour": 15,
        "local_weekday": 3,
        "browser": "Chrome",
        "os": "Mac OS X",
        "device": "Mac",
    },
}

PAGE: Final[dict[str, Any]] = {
    "items": [EVENT],
    "total": 1250,
    "next_cursor": "XnsoqY33uguo7lfsfVZi5JShY8QJoKqDkPtWpnIRAIEBAg",
    "has_more": True,
    "coverage": COVERAGE,
}

CONTEXT: Final[dict[str, Any]] = {
    "event": EVENT,
    "user": {"before": [EVENT], "after": []},
    "ip_address": {"before": [], "after": []},
    "resource": {"before": [], "after": []},
    "coverage": COVERAGE,
}

FACETS: Final[dict[str, Any]] = {
    "facets": [
        {
            "field": "action",
            "values": [{"value": "LOGIN", "count": 800}, {"value": "CREATE", "count": 450}],
            "distinct": 2,
            "total": 1250,
        }
    ],
    "coverage": COVERAGE,
}

HISTOGRAM: Final[dict[str, Any]] = {
    "interval": "day",
    "time_zone": "Europe/Berlin",
    "buckets": [
        {"start": "2025-01-14T23:00:00Z", "count": 41, "split": {"SUCCESS": 39, "FAILED": 2}},
        {"start": "2025-01-15T23:00:00Z", "count": 37, "split": {"SUCCESS": 37}},
    ],
    "total": 78,
    "coverage": COVERAGE,
}
