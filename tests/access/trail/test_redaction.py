"""What the service says of itself comes through redaction unharmed; secrets do not get there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.access.trail.reading import own_events
from tests.engine import Service
from trailkeeper.access.trail import Requester, record
from trailkeeper.event import OrganizationId, Source
from trailkeeper.principal import Permission, system_tenant

ANN = Requester("ann", "ann@acme.example", "203.0.113.7", "Firefox", Source.UI)

HARMLESS: list[dict[str, Any]] = [
    {"permissions": sorted(Permission)},
    {"permission": "key:manage", "code": "PERMISSION_MISSING"},
    {"password_changed": "2026-03-04T12:00:00Z", "sessions_ended": 3},
    {"method": "password", "second_factor": "totp", "reason": "WRONG_PASSWORD"},
    {"changed_fields": ["password"], "old_value": None, "new_value": None},
    {"key_id": "0011223344556677", "prefix": "tk_0011223344556677", "replaced_by": "aabb"},
    {"passkey": "MacBook", "credential_id": "AQIDBAUGBwg", "recovery_codes_left": 7},
    {"attempted": "eve@evil.example", "method": "oidc", "issuer": "https://id.example"},
    {"client_secret_changed": True, "scopes": ["openid", "email"]},
    {"path": "/users/ann/password-reset", "method": "POST"},
    {"old_value": {"retention_days": 90}, "new_value": {"retention_days": 30}},
]


async def stored(service: Service, organization: str, details: dict[str, Any]) -> dict[str, Any]:
    async with service.services.metadata.transaction() as session:
        await record(
            session,
            system_tenant(OrganizationId(organization)),
            ANN,
            "UPDATE",
            now=service.clock(),
            resource_type="USER",
            resource_id="ann",
            details=details,
        )
    [event] = await own_events(service, organization)
    return event


@pytest.mark.parametrize("details", HARMLESS, ids=lambda details: ",".join(details))
async def test_what_is_said_is_kept(service: Service, details: dict[str, Any]) -> None:
    organization, _ = await service.new_organization()
    event = await stored(service, organization, details)
    assert event["details"] == details
    assert event["redacted"] == []


async def test_an_organizations_rules_cannot_hide_what_was_done(service: Service) -> None:
    """Else an administrator would first hide the fields of a role change, and then change it."""
    organization, _ = await service.new_organization(
        redaction={
            "paths": ["old_value", "new_value"],
            "key_patterns": ["role|changed_fields|value"],
            "value_patterns": ["ADMIN"],
        }
    )
    details = {"changed_fields": ["role"], "old_value": "TESTER", "new_value": "ADMIN"}
    event = await stored(service, organization, details)
    assert event["details"] == details


async def test_what_somebody_typed_into_a_search_is_under_the_rules(service: Service) -> None:
    organization, _ = await service.new_organization(
        redaction={"value_patterns": [r"\b\d{3}-\d{2}-\d{4}\b"]}
    )
    typed = {"q": ["123-45-6789"], "details.api_key": ["abc"], "user_id": ["ann"]}
    event = await stored(service, organization, {"filter": typed, "rows": 3})
    assert event["details"] == {
        "filter": {"q": ["[REDACTED]"], "details.api_key": "[REDACTED]", "user_id": ["ann"]},
        "rows": 3,
    }
    assert sorted(event["redacted"]) == [
        "details.filter.details.api_key",
        "details.filter.q.0",
    ]


@pytest.mark.parametrize(
    "secret",
    [
        {"password": "hunter2"},
        {"token": "abc"},
        {"client_secret": "abc"},
        {"note": "Bearer abcdefghijklmnop0123"},
        {"note": f"tk_0011223344556677_{'ab' * 32}"},
    ],
    ids=str,
)
async def test_a_secret_that_got_there_by_mistake_is_still_removed(
    service: Service, secret: dict[str, str]
) -> None:
    organization, _ = await service.new_organization()
    event = await stored(service, organization, secret)
    [value] = secret.values()
    assert value not in str(event["details"])
    assert event["redacted"]
