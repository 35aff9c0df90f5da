from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from tests.access.signin.conftest import ACME, Door, code_of
from trailkeeper.access.keys import create_key
from trailkeeper.access.signin.tables import SessionRow
from trailkeeper.access.tables import OrganizationRow
from trailkeeper.principal import Permission, system_tenant


async def key_of(door: Door, *permissions: Permission) -> dict[str, str]:
    async with door.metadata.transaction() as session:
        hasher = door.app.state["keys"].hasher
        issued = await create_key(
            session, hasher, system_tenant(ACME), "billing", permissions, now=door.clock()
        )
    return {"Authorization": f"Bearer {issued.token}"}


async def test_a_key_learns_what_it_is(door: Door) -> None:
    headers = await key_of(door, Permission.USER_MANAGE)
    async with door.browser() as browser:
        me = (await browser.get("/me", **headers)).json()
    assert (me["kind"], me["name"], me["user_id"], me["email"]) == (
        "api_key",
        "billing",
        None,
        None,
    )
    assert me["permissions"] == ["user:manage", "user:view"]
    assert [each["id"] for each in me["organizations"]] == ["acme"]
    assert me["csrf_token"] is None
    assert me["second_factor"] is None


async def test_a_key_is_no_person(door: Door) -> None:
    headers = await key_of(door, Permission.USER_MANAGE)
    async with door.browser() as browser:
        answer = await browser.get("/me/sessions", **headers)
        away = await browser.post("/sign-out", **headers)
    assert code_of(answer) == (403, "PERSON_NEEDED")
    assert code_of(away) == (403, "PERSON_NEEDED")


async def test_a_key_counts_before_the_cookie(door: Door, ada: str) -> None:
    headers = await key_of(door, Permission.EVENT_WRITE)
    async with door.browser() as browser:
        await browser.sign_in()
        assert (await browser.get("/me", **headers)).json()["kind"] == "api_key"
        wrong = await browser.get("/me", Authorization="Bearer tk_0123456789abcdef_x")
    assert code_of(wrong) == (401, "INVALID_KEY")


async def test_everyone_sees_what_is_their_own(door: Door, password_hash: str) -> None:
    await door.add_person(role="TESTER", password_hash=password_hash)
    async with door.browser() as browser:
        await browser.sign_in()
        assert (await browser.get("/own/ada")).text == "ada"
        foreign = await browser.get("/own/bob")
        assert code_of(foreign) == (403, "PERMISSION_MISSING")
    await door.app.state["recorder"].flush()
    [event] = await door.events("ACCESS_DENIED")
    assert (event["user_id"], event["details"]["permission"]) == ("ada", "user:view")


async def test_nothing_is_a_keys_own(door: Door) -> None:
    headers = await key_of(door, Permission.EVENT_WRITE)
    async with door.browser() as browser:
        answer = await browser.get("/own/", **headers)
        assert answer.status_code == 404
        assert code_of(await browser.get("/own/ada", **headers)) == (403, "PERMISSION_MISSING")


async def test_until_a_due_factor_is_set_up_nothing_else_is_open(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        async with door.metadata.transaction() as session:
            await session.execute(
                update(OrganizationRow)
                .where(OrganizationRow.id == ACME)
                .values(second_factor_required_from=door.clock() + timedelta(minutes=1))
            )
        door.clock.advance(timedelta(seconds=10))
        assert (await browser.get("/people-only")).status_code == 200
        door.clock.advance(timedelta(minutes=1))
        assert code_of(await browser.get("/people-only")) == (403, "SECOND_FACTOR_REQUIRED")
        me = (await browser.get("/me")).json()
        assert me["must_enroll"] is True
        assert me["second_factor"]["methods"] == []
        assert (await browser.post("/sign-out")).status_code == 204


async def test_the_allow_list_holds_for_people_too(door: Door, ada: str) -> None:
    async with door.metadata.transaction() as session:
        await session.execute(
            update(OrganizationRow)
            .where(OrganizationRow.id == ACME)
            .values(allow_list=[{"network": "203.0.113.0/24", "note": ""}])
        )
    async with door.browser("203.0.113.7") as inside:
        await inside.sign_in()
        cookie = f"__Host-trailkeeper={inside.token}"
        assert (await inside.get("/people-only")).status_code == 200
    async with door.browser("198.51.100.1") as outside:
        stolen = await outside.get("/people-only", Cookie=cookie)
        entry = await outside.try_sign_in()
    assert code_of(stolen) == (403, "ADDRESS_NOT_ALLOWED")
    assert code_of(entry) == (403, "ADDRESS_NOT_ALLOWED")
    assert "set-cookie" not in entry.headers
    async with door.metadata.reading() as session:
        living = select(SessionRow.address).where(SessionRow.ended_at.is_(None))
        assert list(await session.scalars(living)) == ["203.0.113.7"]
    await door.app.state["recorder"].flush()
    paths = [each["details"]["path"] for each in await door.events("ACCESS_DENIED")]
    assert paths == ["/people-only", "/sign-in"]
