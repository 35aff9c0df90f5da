from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from trailkeeper.access.directory import (
    CHUNK_ROWS,
    MAX_ID_BYTES,
    SeenUser,
    stored_id,
    upsert_seen,
)
from trailkeeper.access.people.listing import (
    DirectoryPage,
    DirectoryUser,
    UserFilter,
    list_directory,
)
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.errors import BadRequest
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.store.metadata import Metadata

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACME = OrganizationId("acme")
OTHER = OrganizationId("other")

ADA = SeenUser(
    organization=ACME,
    user_id="ada",
    user_email="ada@acme.io",
    email_seen_at=NOON,
    first_seen_at=NOON,
    last_seen_at=NOON,
    last_login_at=None,
    events=1,
    failed_logins=0,
)


def seen(user_id: str, at: datetime = NOON, **fields: Any) -> SeenUser:
    sighting = replace(ADA, user_id=user_id, first_seen_at=at, last_seen_at=at, **fields)
    return replace(sighting, email_seen_at=at if sighting.user_email else None)


def listed(user: SeenUser) -> DirectoryUser:
    """How the directory lists someone whom only events know."""
    return DirectoryUser(
        user_id=user.user_id,
        name="",
        user_email=user.user_email,
        role=None,
        status=MemberStatus.OBSERVED,
        first_seen_at=user.first_seen_at,
        last_seen_at=user.last_seen_at,
        last_login_at=user.last_login_at,
        events=user.events,
        failed_logins=user.failed_logins,
    )


async def add(metadata: Metadata, *users: SeenUser) -> None:
    async with metadata.transaction() as session:
        await upsert_seen(session, users)


async def page(
    metadata: Metadata, organization: OrganizationId = ACME, **options: Any
) -> DirectoryPage:
    async with metadata.reading() as session:
        return await list_directory(session, system_tenant(organization), **options)


EARLIER = replace(
    ADA,
    user_email="old@acme.io",
    email_seen_at=NOON - 2 * HOUR,
    first_seen_at=NOON - 3 * HOUR,
    last_seen_at=NOON - 2 * HOUR,
    last_login_at=NOON - 2 * HOUR,
    events=10,
    failed_logins=2,
)
LATER = replace(
    ADA,
    user_email="new@acme.io",
    email_seen_at=NOON + 2 * HOUR,
    first_seen_at=NOON + HOUR,
    last_seen_at=NOON + 2 * HOUR,
    last_login_at=NOON + HOUR,
    events=5,
    failed_logins=1,
)
ALL_THREE = replace(
    LATER,
    first_seen_at=NOON - 3 * HOUR,
    last_seen_at=NOON + 2 * HOUR,
    last_login_at=NOON + HOUR,
    events=16,
    failed_logins=3,
)


@pytest.mark.parametrize(
    "order",
    [
        (ADA, EARLIER, LATER),
        (LATER, EARLIER, ADA),
        (EARLIER, LATER, ADA),
        (EARLIER, ADA, LATER),
    ],
)
async def test_sightings_add_up_in_any_order_one_by_one_or_at_once(
    metadata: Metadata, order: tuple[SeenUser, ...]
) -> None:
    for user in order:
        await add(metadata, user)
    await add(metadata, *(replace(user, organization=OTHER) for user in order))

    assert (await page(metadata)).users == [listed(ALL_THREE)]
    assert (await page(metadata, OTHER)).users == [listed(ALL_THREE)]


@pytest.mark.parametrize("at", [NOON - HOUR, NOON + HOUR])
async def test_a_sighting_without_email_does_not_clear_it(metadata: Metadata, at: datetime) -> None:
    without = seen("ada", at, user_email="")
    assert without.email_seen_at is None
    await add(metadata, ADA)
    await add(metadata, without)
    await add(metadata, replace(ADA, user_id="eve"), replace(without, user_id="eve"))
    await add(metadata, replace(without, user_id="bob"))
    await add(metadata, replace(ADA, user_id="bob"))

    assert {user.user_email for user in (await page(metadata)).users} == {"ada@acme.io"}


async def test_the_email_of_the_newest_event_wins_over_one_that_arrives_later(
    metadata: Metadata,
) -> None:
    newest = seen("ada", NOON + 2 * HOUR, user_email="newest@acme.io")
    # Read from the log later; its newest event has no e-mail, only an older one has.
    mixed = replace(
        seen("ada", NOON + 3 * HOUR, user_email="older@acme.io"),
        first_seen_at=NOON,
        email_seen_at=NOON,
    )
    await add(metadata, newest)
    await add(metadata, mixed)
    await add(metadata, *(replace(each, user_id="eve") for each in (newest, mixed)))
    await add(metadata, *(replace(each, user_id="bob") for each in (mixed, newest)))

    users = (await page(metadata)).users
    assert {user.user_email for user in users} == {"newest@acme.io"}
    assert {user.last_seen_at for user in users} == {NOON + 3 * HOUR}


async def test_nothing_seen_is_fine(metadata: Metadata) -> None:
    await add(metadata)

    assert await page(metadata) == DirectoryPage([], None)


async def test_more_users_than_one_statement_takes(metadata: Metadata) -> None:
    users = [seen(f"user-{number:05}") for number in range(CHUNK_ROWS * 2 + 1)]
    await add(metadata, *users)
    await add(metadata, *users)

    first = await page(metadata, limit=CHUNK_ROWS * 3)
    assert [user.events for user in first.users] == [2] * len(users)


async def test_pages_hold_every_user_once_the_last_seen_first(metadata: Metadata) -> None:
    # Many share a moment: the tie-breaker is what keeps them apart.
    users = [seen(f"u{number:02}", NOON + HOUR * (number // 5)) for number in range(23)]
    await add(metadata, *users, seen("theirs", organization=OTHER))

    found: list[DirectoryUser] = []
    cursor = None
    while True:
        users_of_page, cursor = await page(metadata, limit=4, cursor=cursor)
        found += users_of_page
        if cursor is None:
            break

    latest_first = sorted(users, key=lambda user: (user.last_seen_at, user.user_id), reverse=True)
    assert found == [listed(user) for user in latest_first]


async def test_the_last_page_has_no_cursor_even_when_full(metadata: Metadata) -> None:
    await add(metadata, seen("a"), seen("b"))

    assert (await page(metadata, limit=2)).next_cursor is None
    assert (await page(metadata, limit=1)).next_cursor is not None


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("ADA", ["ada"]),
        ("@acme", ["bob_1", "ada"]),
        ("%", []),
        ("b_1", ["bob_1"]),
        ("b\\", []),
        ("o\0b", []),
        ("GROSS", ["ß"]),
        ("", ["ß", "bobx1", "bob_1", "ada"]),
    ],
)
async def test_search_finds_parts_literally(
    metadata: Metadata, search: str, expected: list[str]
) -> None:
    await add(
        metadata,
        seen("ada"),
        seen("bob_1", user_email="Bob@Acme.io"),
        seen("bobx1", user_email=""),
        seen("ß", user_email="groß@example.com"),
    )

    found = (await page(metadata, wanted=UserFilter(search))).users
    assert [user.user_id for user in found] == expected


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "!!!!", "W10=", "WyIyMDI2LTAzLTAxVDEyOjAwOjAwIiwiYSJd", "ää", "a" * 4000],
)
async def test_a_wrong_cursor_is_refused(metadata: Metadata, cursor: str) -> None:
    with pytest.raises(BadRequest) as raised:
        await page(metadata, cursor=cursor)

    assert raised.value.code == "INVALID_CURSOR"


async def test_ids_that_a_database_cannot_index_stay_apart(metadata: Metadata) -> None:
    ids = ["🎉" * 1024, "🎉" * 1023 + "x", "nul\0", "nul\N{REPLACEMENT CHARACTER}", "x" * 1024]
    await add(metadata, *(seen(each, user_email="\0" + "é" * 1023) for each in ids))
    await add(metadata, *(seen(each) for each in ids))

    users = (await page(metadata)).users
    assert {user.user_id for user in users} == {stored_id(each) for each in ids}
    assert [user.events for user in users] == [2] * 5
    assert all(len(user.user_id.encode()) <= MAX_ID_BYTES for user in users)


def test_a_usual_id_is_kept_as_it_is() -> None:
    for user_id in ("ada", "x" * MAX_ID_BYTES, "user|42", "Ünï"):
        assert stored_id(user_id) == user_id
