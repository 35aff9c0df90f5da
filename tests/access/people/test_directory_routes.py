"""`GET /users/`: everyone in one list, found, filtered, sorted and paged."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.access.people.conftest import House, Json
from tests.engine import NOON, an_event, insert
from trailkeeper.access.directory import SeenUser
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.principal import Permission

DAY = timedelta(days=1)


def seen(house: House, user_id: str, at: datetime = NOON, **fields: Any) -> SeenUser:
    email = fields.pop("user_email", "")
    return SeenUser(
        organization=house.organization,
        user_id=user_id,
        user_email=email,
        email_seen_at=at if email else None,
        first_seen_at=at,
        last_seen_at=at,
        last_login_at=fields.pop("last_login_at", None),
        events=fields.pop("events", 1),
        failed_logins=0,
    )


async def people(house: House) -> None:
    """Four with a role in each standing but deleted, and two that only events know."""
    await house.add("ada", "SUPER_ADMIN", name="Ada Lovelace", email="ada@example.com")
    await house.add("bob", "DEVELOPER", status=MemberStatus.INVITED, name="bob", email="b@x.io")
    await house.add("eve", "DEVELOPER", status=MemberStatus.OBSERVED, name="Éve", email="")
    await house.see(
        seen(house, "ada", NOON - DAY, last_login_at=NOON - 3 * DAY),
        seen(house, "cron", NOON, user_email="Cron@Example.com", last_login_at=NOON - 2 * DAY),
        seen(house, "zed", NOON - 2 * DAY),
    )


async def ids(house: House, **query: Any) -> list[str]:
    """All pages, two users each."""
    found: list[str] = []
    async with house.client() as client:
        while True:
            answer = await client.get("/users/", params={"limit": 2, **query})
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += [user["user_id"] for user in page["items"]]
            if page["next_cursor"] is None:
                return found
            assert len(page["items"]) == 2
            query["cursor"] = page["next_cursor"]


FOUND: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["cron", "ada", "zed", "eve", "bob"]),
    ({"order": "asc"}, ["bob", "eve", "zed", "ada", "cron"]),
    ({"sort": "last_login"}, ["cron", "ada", "zed", "eve", "bob"]),
    ({"sort": "name"}, ["ada", "bob", "cron", "zed", "eve"]),
    ({"sort": "name", "order": "desc"}, ["eve", "zed", "cron", "bob", "ada"]),
    ({"search": "LOVELACE"}, ["ada"]),
    ({"search": "ÉVE"}, ["eve"]),
    ({"search": "@example.com"}, ["cron", "ada"]),
    ({"search": "zE"}, ["zed"]),
    ({"role": "DEVELOPER"}, ["eve", "bob"]),
    ({"role": ["DEVELOPER", "SUPER_ADMIN"]}, ["ada", "eve", "bob"]),
    ({"status": "observed"}, ["cron", "zed", "eve"]),
    ({"status": ["active", "invited"]}, ["ada", "bob"]),
    ({"status": "deleted"}, []),
    ({"role": "DEVELOPER", "status": "invited", "sort": "name"}, ["bob"]),
]


async def test_everyone_is_found_filtered_and_sorted(house: House) -> None:
    await people(house)
    for query, expected in FOUND:
        assert await ids(house, **query) == expected


async def test_a_user_tells_what_members_know_and_what_events_showed(house: House) -> None:
    await people(house)
    async with house.client() as client:
        ada = (await client.get("/users/", params={"search": "lovelace"})).json()["items"]
        cron = (await client.get("/users/cron")).json()

    assert ada == [
        {
            "user_id": "ada",
            "name": "Ada Lovelace",
            "user_email": "ada@example.com",
            "role": "SUPER_ADMIN",
            "status": "active",
            "first_seen_at": "2026-03-03T12:00:00Z",
            "last_seen_at": "2026-03-03T12:00:00Z",
            "last_login_at": "2026-03-01T12:00:00Z",
            "events": 1,
            "events_30d": 0,
            "failed_logins": 0,
        }
    ]
    assert (cron["name"], cron["user_email"], cron["status"]) == (
        None,
        "Cron@Example.com",
        "observed",
    )
    assert (cron["has_account"], cron["permissions"], cron["created_at"]) == (False, [], None)


async def log_events(house: House, counts: dict[str, list[timedelta]]) -> None:
    """Events so long ago; the directory learns of them as it does in a running service."""
    events = [
        an_event(
            organization=house.organization, user_id=user_id, timestamp=NOON - ago, action="VIEW"
        )
        for user_id, agos in counts.items()
        for ago in agos
    ]
    await insert(house.service.services.engine, events)
    await house.see(
        *(
            seen(house, user_id, NOON - min(agos), events=len(agos))
            for user_id, agos in counts.items()
        )
    )


LONG_ID = "x" * 501
THIRTY = 30 * DAY


async def test_events_of_30_days_are_counted_to_the_hour(house: House) -> None:
    hour = timedelta(hours=1)
    await log_events(
        house,
        {
            "busy": [DAY, DAY, 2 * DAY, 29 * DAY],
            "edge": [THIRTY, THIRTY + timedelta(seconds=1), THIRTY + hour],
            "gone": [THIRTY + DAY, 50 * DAY],
            LONG_ID: [DAY, DAY],
        },
    )
    async with house.client() as client:
        users = (await client.get("/users/")).json()["items"]

    counts = {user["user_id"][:4]: (user["events"], user["events_30d"]) for user in users}
    assert counts == {"busy": (4, 4), "edge": (3, 1), "gone": (2, 0), "xxxx": (2, 2)}


async def test_the_busiest_come_first_page_by_page(house: House) -> None:
    await log_events(
        house,
        {
            "one": [DAY],
            "three": [DAY] * 3,
            "also-three": [DAY] * 3,
            "none": [THIRTY + DAY],
            "two": [DAY, DAY],
        },
    )
    await house.add("idle", status=MemberStatus.OBSERVED)

    busiest = ["three", "also-three", "two", "one", "none", "idle"]
    assert await ids(house, sort="events_30d") == busiest
    assert await ids(house, sort="events_30d", order="asc") == busiest[::-1]
    assert await ids(house, sort="events_30d", search="e") == [
        "three",
        "also-three",
        "one",
        "none",
        "idle",
    ]
    assert await ids(house, sort="events_30d", role="DEVELOPER") == ["idle"]


async def test_another_organization_counts_for_nothing(house: House) -> None:
    await log_events(house, {"ada": [DAY]})
    _, token = await house.service.new_organization()
    async with house.client(token) as client:
        assert (await client.get("/users/")).json()["items"] == []
        assert (await client.get("/users/", params={"sort": "events_30d"})).json()["items"] == []
        missing = await client.get("/users/ada")

    assert (missing.status_code, missing.json()["code"]) == (404, "USER_NOT_FOUND")


WRONG_QUESTIONS: list[tuple[Json, str]] = [
    ({"cursor": "x"}, "INVALID_CURSOR"),
    ({"limit": 501}, "INVALID_REQUEST"),
    ({"limit": 0}, "INVALID_REQUEST"),
    ({"status": "asleep"}, "INVALID_REQUEST"),
    ({"sort": "colour"}, "INVALID_REQUEST"),
]


async def test_a_wrong_question_is_refused(house: House) -> None:
    for query, code in WRONG_QUESTIONS:
        async with house.client() as client:
            answer = await client.get("/users/", params=query)

        assert (answer.status_code, answer.json()["code"]) == (400, code)


OTHER_ORDERS: list[Json] = [{"sort": "name"}, {"order": "asc"}, {"sort": "events_30d"}]


async def test_a_cursor_is_good_for_its_own_order_only(house: House) -> None:
    await people(house)
    for other in OTHER_ORDERS:
        async with house.client() as client:
            cursor = (await client.get("/users/", params={"limit": 1})).json()["next_cursor"]
            same = await client.get("/users/", params={"cursor": cursor})
            another = await client.get("/users/", params={"cursor": cursor, **other})

        assert same.status_code == 200
        assert (another.status_code, another.json()["code"]) == (400, "INVALID_CURSOR")


async def test_everyone_sees_their_own_profile_and_no_other(house: House) -> None:
    await house.add("team/ada", "TESTER", email="ada@example.com")
    await house.add("bob", "TESTER")
    async with house.browser() as browser:
        await browser.sign_in("ada@example.com")
        own = await browser.get("/users/team%2Fada")
        other = await browser.get("/users/bob")
        everyone = await browser.get("/users/")

    assert own.status_code == 200, own.text
    assert (own.json()["user_id"], own.json()["role"]) == ("team/ada", "TESTER")
    assert own.json()["last_sign_in_at"] is not None
    assert (other.status_code, everyone.status_code) == (403, 403)


async def test_a_key_needs_user_view(house: House) -> None:
    token = await house.key(Permission.EVENT_WRITE)
    async with house.client(token) as client:
        refused = await client.get("/users/")

    assert (refused.status_code, refused.json()["code"]) == (403, "PERMISSION_MISSING")
