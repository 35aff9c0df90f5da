"""The weekly review: what it says, to whom it goes, once a week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import select

from tests.detect.service.room import Room, a_room, at, failed
from tests.detect.service.test_keeping import found
from tests.engine import Service
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.members import MemberStatus, add_member, create_person
from trailkeeper.detect.keeping import keep_found
from trailkeeper.event import OrganizationId
from trailkeeper.notify.review.tables import ReviewRow
from trailkeeper.notify.review.weekly import choose, due_monday, week_before
from trailkeeper.outbound.jobs import SEND_MAIL, MailJob
from trailkeeper.principal import system_tenant
from trailkeeper.store.tables import JobRow

DAY = 24 * 60
MONDAY = date(2026, 3, 9)


async def a_reader(room: Room, user_id: str, role: str = "ADMIN") -> None:
    services, tenant = room.service.services, system_tenant(OrganizationId(room.organization))
    now = services.clock()
    email = f"{user_id}-{room.organization}@acme.io"
    async with services.metadata.transaction() as session:
        person = await create_person(session, email, now=now)
        await add_member(
            session,
            tenant,
            user_id=user_id,
            editor=operating(),
            now=now,
            status=MemberStatus.ACTIVE,
            name=user_id,
            email=email,
            role=role,
            person=person.id,
        )
        await choose(session, tenant, user_id, now, is_chosen=True)


async def mails(room: Room) -> list[MailJob]:
    async with room.service.services.metadata.reading() as session:
        rows = await session.scalars(
            select(JobRow.payload).where(
                JobRow.kind == SEND_MAIL, JobRow.organization == room.organization
            )
        )
        return [msgspec.convert(each, MailJob) for each in rows]


async def next_monday(room: Room, hour: int) -> None:
    """NOON is a Wednesday, 4 March 2026."""
    morning = datetime.combine(MONDAY, datetime.min.time(), UTC) + timedelta(hours=hour)
    room.service.clock.advance(morning - room.service.services.clock())


async def test_a_review_tells_the_week(service: Service) -> None:
    room = await a_room(service)
    services = service.services
    tenant = system_tenant(OrganizationId(room.organization))
    await room.commit(
        [
            *(failed(minute) for minute in range(7)),
            *(failed(minute - 7 * DAY) for minute in range(2)),
            at(0, action="DELETE", resource_type="PROJECT", resource_id="p", user_id="bob"),
            at(
                1,
                action="UPDATE",
                resource_type="USER",
                resource_id="carol",
                details='{"changed_fields":["role"],"old_value":"TESTER","new_value":"ADMIN"}',
            ),
            at(2, action="UPDATE", resource_type="USER", details='{"changed_fields":["name"]}'),
            at(3, action="LOGIN", user_id="new", user_email="new@acme.io"),
            at(3, action="LOGIN", user_id="old", user_email="old@acme.io"),
            at(-20 * DAY, action="LOGIN", user_id="old", user_email="old@acme.io"),
        ]
    )
    await a_reader(room, "ann")
    async with services.metadata.transaction() as session:
        await keep_found(session, tenant, [found("k")], services.clock())
    await next_monday(room, 6)
    await services.reviews.send_due()
    assert await mails(room) == []
    await next_monday(room, 7)
    for _ in range(2):
        await services.reviews.send_due()

    [job] = await mails(room)
    told, html = job.mail.text, job.mail.html or ""
    assert job.mail.to == f"ann-{room.organization}@acme.io"
    assert "the week of 02 March to 08 March 2026" in told
    assert "New detections: 1: 1 medium (1 open)" in told
    assert "Failed sign-ins: 7 (the week before: 2)" in told
    assert "Role changes: 1 (the week before: 0)" in told
    assert "Deletions: 1 (the week before: 0)" in told
    assert "Signed in for the first time: 1: new@acme.io" in told
    assert "/explorer?q=action%3ALOGIN_FAILED&start_date=2026-03-02T00%3A00%3A00%2B00%3A00" in told
    assert "Bulk deletions" in told, "a rule that found nothing"
    assert "Retention: " in told
    assert told.count("http") == html.count("<a href=")
    async with services.metadata.reading() as session:
        rows = await session.scalars(
            select(ReviewRow).where(ReviewRow.organization == room.organization)
        )
        assert [(row.monday, row.mails) for row in rows] == [(MONDAY, 1)]


async def test_only_who_may_see_it_and_wants_it_gets_it(service: Service) -> None:
    room = await a_room(service)
    await a_reader(room, "ann")
    await a_reader(room, "dev", role="DEVELOPER")
    await a_reader(room, "gone")
    services, tenant = service.services, system_tenant(OrganizationId(room.organization))
    async with services.metadata.transaction() as session:
        await choose(session, tenant, "gone", services.clock(), is_chosen=False)
    await next_monday(room, 30)
    await services.reviews.send_due()
    assert [each.mail.to for each in await mails(room)] == [f"ann-{room.organization}@acme.io"]


async def test_what_others_wrote_cannot_make_a_link_or_a_tag(service: Service) -> None:
    room = await a_room(service)
    await a_reader(room, "ann")
    await room.commit(
        [at(3, action="LOGIN", user_id="x", user_email='<a href="http://evil.example">now</a>')]
    )
    await next_monday(room, 8)
    await service.services.reviews.send_due()
    [job] = await mails(room)
    html = job.mail.html or ""
    assert "http://evil" not in job.mail.text + html
    assert '<a href="http evil' not in html


@pytest.mark.parametrize(
    ("now", "zone", "monday"),
    [
        (datetime(2026, 3, 9, 6, 59, tzinfo=UTC), "UTC", date(2026, 3, 2)),
        (datetime(2026, 3, 9, 7, 0, tzinfo=UTC), "UTC", date(2026, 3, 9)),
        (datetime(2026, 3, 9, 7, 0, tzinfo=UTC), "America/New_York", date(2026, 3, 2)),
        (datetime(2026, 3, 8, 22, 0, tzinfo=UTC), "Asia/Tokyo", date(2026, 3, 9)),
        (datetime(2026, 3, 15, 23, 59, tzinfo=UTC), "UTC", date(2026, 3, 9)),
    ],
)
def test_monday_morning_is_the_organizations(now: datetime, zone: str, monday: date) -> None:
    assert due_monday(now, ZoneInfo(zone)) == monday


def test_a_week_in_which_clocks_change_is_an_hour_shorter() -> None:
    start, end = week_before(date(2026, 3, 30), ZoneInfo("Europe/Berlin"))
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(days=7, hours=-1)
