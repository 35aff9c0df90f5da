from __future__ import annotations

import re
from typing import Any

import pytest

from tests.access.conftest import ACME, LONG_AGO, Room
from trailkeeper.access.organization_settings import (
    Redaction,
    RetentionRule,
    WorkingHours,
    pattern_fault,
)
from trailkeeper.access.organizations import (
    ID,
    Organization,
    OrganizationChanges,
    create_organization,
    get_organization,
    id_from_name,
    list_organizations,
    update_organization,
)
from trailkeeper.errors import BadRequest, Conflict, NotFound
from trailkeeper.event import OrganizationId


async def create(room: Room, name: str, **options: Any) -> Organization:
    async with room.metadata.transaction() as session:
        return await create_organization(
            session, name, **{"retention_days": 90, "now": LONG_AGO, **options}
        )


async def update(room: Room, **changes: Any) -> Organization:
    async with room.metadata.transaction() as session:
        return await update_organization(session, ACME, OrganizationChanges(**changes))


async def test_an_organization_is_created_and_found(room: Room) -> None:
    made = await create(room, " Größe & Söhne ", time_zone="Europe/Berlin", retention_days=30)

    assert made == Organization(
        id=OrganizationId("gr-e-s-hne"),
        name="Größe & Söhne",
        time_zone="Europe/Berlin",
        retention_days=30,
        retention_rules=(),
        redaction={"key_patterns": [], "value_patterns": [], "paths": [], "allowed_paths": []},
        working_hours=WorkingHours(start="09:00", end="18:00", days=[1, 2, 3, 4, 5]),
        second_factor_required_from=None,
        created_at=LONG_AGO,
    )
    async with room.metadata.reading() as session:
        assert await get_organization(session, made.id) == made
        assert [each.id for each in await list_organizations(session)] == ["acme", made.id, "other"]


async def test_an_id_is_taken_once(room: Room) -> None:
    with pytest.raises(Conflict) as raised:
        await create(room, "Acme")

    assert raised.value.code == "ORGANIZATION_EXISTS"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"time_zone": "Mars/Olympus"}, "INVALID_TIME_ZONE"),
        ({"time_zone": "../../etc/passwd"}, "INVALID_TIME_ZONE"),
        ({"time_zone": ""}, "INVALID_TIME_ZONE"),
        ({"id": "Acme Inc"}, "INVALID_ORGANIZATION_ID"),
        ({"id": ""}, "INVALID_ORGANIZATION_ID"),
        ({"id": "a" * 65}, "INVALID_ORGANIZATION_ID"),
        ({"id": "new\n"}, "INVALID_ORGANIZATION_ID"),
        ({"name": "  "}, "INVALID_NAME"),
        ({"name": "a\0b"}, "INVALID_NAME"),
        ({"name": "a" * 201}, "INVALID_NAME"),
        ({"retention_days": 0}, "INVALID_RETENTION"),
    ],
)
async def test_what_cannot_be_is_refused(room: Room, options: dict[str, Any], code: str) -> None:
    with pytest.raises(BadRequest) as raised:
        await create(room, **{"name": "New", **options})

    assert raised.value.code == code
    assert raised.value.field is not None


@pytest.mark.parametrize("unknown", ["nobody", "", "a\0b", "x" * 1000])
async def test_an_unknown_organization(room: Room, unknown: str) -> None:
    async with room.metadata.reading() as session:
        with pytest.raises(NotFound) as raised:
            await get_organization(session, OrganizationId(unknown))

    assert raised.value.code == "ORGANIZATION_NOT_FOUND"


async def test_settings_change_one_by_one(room: Room) -> None:
    rules = [RetentionRule(days=7, action="login"), RetentionRule(days=9, resource_type="MODEL")]
    redaction = Redaction(key_patterns=["iban"], paths=["request.body"])
    await update(room, time_zone="Asia/Tokyo")
    await update(room, retention_rules=rules)
    changed = await update(room, redaction=redaction, name="Acme 2", retention_days=1)

    assert (changed.name, changed.time_zone, changed.retention_days) == ("Acme 2", "Asia/Tokyo", 1)
    assert changed.retention_rules == (RetentionRule(days=7, action="LOGIN"), rules[1])
    assert changed.redaction["key_patterns"] == ["iban"]
    async with room.metadata.reading() as session:
        assert await get_organization(session, ACME) == changed


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"time_zone": "Nowhere"}, "INVALID_TIME_ZONE", "time_zone"),
        ({"retention_days": 36_501}, "INVALID_RETENTION", "retention_days"),
        ({"retention_rules": [RetentionRule(days=1)]}, "INVALID_RETENTION", "retention_rules.0"),
        (
            {"retention_rules": [RetentionRule(days=0, action="A")]},
            "INVALID_RETENTION",
            "retention_rules.0.days",
        ),
        (
            {"retention_rules": [RetentionRule(days=n, action=a) for n, a in ((1, "a"), (2, "A"))]},
            "INVALID_RETENTION",
            "retention_rules.1",
        ),
        (
            {"redaction": Redaction(value_patterns=["ok", "("])},
            "INVALID_PATTERN",
            "redaction.value_patterns.1",
        ),
        ({"redaction": Redaction(key_patterns=["a"] * 51)}, "INVALID_PATTERN", None),
        ({"redaction": Redaction(paths=["a..b"])}, "INVALID_PATH", "redaction.paths.0"),
        (
            {"redaction": Redaction(allowed_paths=[""])},
            "INVALID_PATH",
            "redaction.allowed_paths.0",
        ),
    ],
)
async def test_a_wrong_setting_is_refused_whole(
    room: Room, changes: dict[str, Any], code: str, field: str | None
) -> None:
    with pytest.raises(BadRequest) as raised:
        await update(room, name="Changed", **changes)

    assert raised.value.code == code
    assert field is None or raised.value.field == field
    async with room.metadata.reading() as session:
        assert (await get_organization(session, ACME)).name == "Acme"


@pytest.mark.parametrize(
    "pattern", ["iban", r"\bsk-[A-Za-z0-9]{20,}", r"[)*+]x", r"\)+x", "a|b", "(?:ab|cd)e", "x(?=y)"]
)
def test_harmless_patterns_are_kept(pattern: str) -> None:
    assert pattern_fault(pattern) is None
    assert re.compile(f"first|{pattern}|last").search("-") is None


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "(",
        "(a+)+b",
        "(?:a|a)*b",
        "(?:a+){5,}",
        "(a)",
        r"(?P<x>a)",
        "(?i)a",
        "a*",
        "a|",
        "a" * 201,
        "(?:" * 2000,
        "a{99999999999999999999}",
    ],
)
def test_harmful_patterns_are_refused(pattern: str) -> None:
    assert pattern_fault(pattern) is not None


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Acme, Inc.", "acme-inc"), ("--A--", "a"), ("x" * 80, "x" * 64), ("12", "12")],
)
def test_an_id_from_a_name(name: str, expected: str) -> None:
    assert id_from_name(name) == expected


def test_a_name_without_letters_we_know_gets_a_random_id() -> None:
    ids = {id_from_name("株式会社") for _ in range(5)}

    assert len(ids) == 5
    assert all(ID.fullmatch(each) for each in ids)
