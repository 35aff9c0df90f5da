"""Keeping detections, rules and suppressions on each kind of metadata store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.engine import NOON
from trailkeeper.access.organizations import create_organization
from trailkeeper.access.trail import operator
from trailkeeper.detect.detection import DetectionKey
from trailkeeper.detect.detections import DetectionState, Triage, history_of, triage
from trailkeeper.detect.found import Found, merged
from trailkeeper.detect.keeping import keep_found
from trailkeeper.detect.listing import Wanted, list_detections
from trailkeeper.detect.rule import Level
from trailkeeper.detect.stored_rules import (
    add_rule,
    change_rule,
    delete_rule,
    list_rules,
    revisions,
)
from trailkeeper.detect.suppress import Subject, add_suppression, list_suppressions
from trailkeeper.detect.sweep import note_late_days
from trailkeeper.detect.tables import LateDayRow
from trailkeeper.detect.watched import built_in_watched, read_text
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.search.cursor import CursorSigner
from trailkeeper.store.metadata import Metadata

TEXT = "title: Views\ndetection:\n  it:\n    action: VIEW\n  condition: it\n"
SIGNER = CursorSigner(b"secret")


@pytest.fixture
async def tenant(metadata: Metadata) -> Tenant:
    async with metadata.transaction() as session:
        made = await create_organization(session, "Acme", retention_days=90, now=NOON)
    return system_tenant(made.id)


def found(key: str, count: int = 3, minute: int = 0, **changes: object) -> Found:
    moment = NOON + timedelta(minutes=minute)
    base = Found(
        watched=read_text(TEXT),
        key=DetectionKey(key),
        grouped=(("user", "ann"),),
        window_start=moment - timedelta(hours=1),
        hot_at=moment,
        first_at=moment,
        last_at=moment + timedelta(minutes=1),
        count=count,
        measured=count,
        evidence=tuple(f"e{each}" for each in range(count)),
        reasons=("Because.",),
        search_link="/explorer?q=x",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


async def keep(metadata: Metadata, tenant: Tenant, *all_found: Found) -> None:
    async with metadata.transaction() as session:
        await keep_found(session, tenant, all_found, NOON)


async def kept(metadata: Metadata, tenant: Tenant) -> list[tuple[str, int, str]]:
    async with metadata.reading() as session:
        page = await list_detections(session, tenant, SIGNER, Wanted(), limit=50)
    return sorted((each.key, each.count, str(each.state)) for each in page.items)


async def test_the_same_again_changes_nothing(metadata: Metadata, tenant: Tenant) -> None:
    await keep(metadata, tenant, found("a"), found("b", minute=5))
    await keep(metadata, tenant, found("a"), found("a", 2))
    assert await kept(metadata, tenant) == [("a", 3, "open"), ("b", 3, "open")]


async def test_what_is_superseded_goes_on_under_its_id(metadata: Metadata, tenant: Tenant) -> None:
    await keep(metadata, tenant, found("a"), found("b", minute=30))
    async with metadata.transaction() as session:
        page = await list_detections(session, tenant, SIGNER, Wanted(), limit=50)
        first = next(each for each in page.items if each.key == "a")
        taken = Triage(DetectionState.ACKNOWLEDGED, "ann", "mine")
        await triage(session, tenant, operator(), first.id, taken, NOON)
    heir = found("c", 9, -5, supersedes=(DetectionKey("a"), DetectionKey("b")))
    await keep(metadata, tenant, heir)
    assert await kept(metadata, tenant) == [("b", 3, "resolved"), ("c", 9, "acknowledged")]
    async with metadata.reading() as session:
        page = await list_detections(
            session, tenant, SIGNER, Wanted(states=(DetectionState.ACKNOWLEDGED,)), limit=1
        )
        assert [each.id for each in page.items] == [first.id]
        lines = await history_of(session, tenant, first.id)
        assert [str(line.what) for line in lines] == ["opened", "state", "assignee", "note"]


async def test_what_is_withdrawn_is_closed(metadata: Metadata, tenant: Tenant) -> None:
    await keep(metadata, tenant, found("a"))
    await keep(metadata, tenant, found("a", is_withdrawn=True), found("x", is_withdrawn=True))
    assert await kept(metadata, tenant) == [("a", 3, "resolved")]


def test_many_changes_of_one_detection_are_one() -> None:
    parts = [found("a", 1, each, is_addition=True, evidence=(f"{each}",)) for each in range(3)]
    [joined] = merged(parts)
    assert (joined.count, joined.evidence) == (3, ("0", "1", "2"))
    assert joined.last_at == NOON + timedelta(minutes=3)
    older = DetectionKey("o")
    [last] = merged([found("a", 3, supersedes=(older,)), found("a", 5)])
    assert (last.count, last.supersedes) == (5, (older,))


async def test_pages_do_not_repeat_where_moments_are_the_same(
    metadata: Metadata, tenant: Tenant
) -> None:
    await keep(metadata, tenant, *(found(f"k{each}", minute=100 * each) for each in range(5)))
    keys, cursor = [], None
    async with metadata.reading() as session:
        while True:
            page = await list_detections(session, tenant, SIGNER, Wanted(), limit=2, cursor=cursor)
            keys += [each.key for each in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert sorted(keys) == [f"k{each}" for each in range(5)]


async def test_rules_and_what_is_expected(metadata: Metadata, tenant: Tenant) -> None:
    built_in = next(iter(built_in_watched()))
    async with metadata.transaction() as session:
        added = await add_rule(session, tenant, operator(), TEXT, NOON)
        rule_id = added.watched.rule.id
        await change_rule(
            session, tenant, operator(), built_in, NOON, is_enabled=False, severity=Level.LOW
        )
        await add_suppression(
            session,
            tenant,
            operator(),
            rule_id=rule_id,
            subject=Subject.PERSON,
            value="ann",
            reason="Test",
            ends_at=NOON + timedelta(days=1),
            now=NOON,
        )
    async with metadata.reading() as session:
        stored = {each.watched.rule.id: each.watched for each in await list_rules(session, tenant)}
        assert stored[rule_id].is_enabled
        assert (stored[built_in].is_enabled, stored[built_in].severity) == (False, Level.LOW)
        assert await revisions(session) == {tenant.organization: 3}
        assert len(await list_suppressions(session, tenant, NOON)) == 1
        assert await list_suppressions(session, tenant, NOON + timedelta(days=2)) == []
        other = system_tenant(OrganizationId("other"))
        assert all(each.watched.is_built_in for each in await list_rules(session, other))
    async with metadata.transaction() as session:
        await delete_rule(session, tenant, operator(), rule_id, NOON)
        assert len(await list_rules(session, tenant)) == len(built_in_watched())


async def test_a_late_day_is_noted_once(metadata: Metadata, tenant: Tenant) -> None:
    day = NOON.replace(hour=0)
    for minute in range(3):
        async with metadata.transaction() as session:
            await note_late_days(session, tenant, {day}, NOON + timedelta(minutes=minute))
    async with metadata.reading() as session:
        rows = list(
            await session.scalars(select(LateDayRow).where(tenant.owns(LateDayRow.organization)))
        )
    assert [(row.day, row.noted_at) for row in rows] == [(day, NOON + timedelta(minutes=2))]
