"""Saved views: whose they are, who sees them, what is on the record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.access.trail.reading import own_events
from tests.api.people import add_person, sign_in
from tests.engine import Service
from trailkeeper.search.views import saved

Json = dict[str, Any]
FAILED = {"name": "Failed sign-ins", "query": "q=action%3ALOGIN_FAILED&range=7d"}


@dataclass(frozen=True)
class Person:
    """Somebody signed in, and what they ask."""

    client: httpx2.AsyncClient
    headers: dict[str, str]

    async def ask(self, method: str, path: str, body: Json | None = None) -> httpx2.Response:
        return await self.client.request(method, path, json=body, headers=self.headers)

    async def save(self, **more: Any) -> Json:
        answer = await self.ask("POST", "/views", {**FAILED, **more})
        assert answer.status_code == 201, answer.text
        view: Json = answer.json()
        return view

    async def views(self) -> list[Json]:
        items: list[Json] = (await self.ask("GET", "/views")).json()["items"]
        return items

    async def refused(self, method: str, path: str, body: Json | None = None) -> tuple[int, str]:
        answer = await self.ask(method, path, body)
        return answer.status_code, answer.json()["code"]


@dataclass(frozen=True)
class House:
    service: Service
    organization: str
    ann: Person
    bob: Person


@pytest.fixture
async def house(service: Service) -> AsyncIterator[House]:
    organization, _ = await service.new_organization()
    async with service.client("") as client:
        client.headers.pop("Authorization")
        people = []
        for user_id in ("ann", "bob"):
            somebody = await add_person(service, organization, user_id, "ADMIN")
            people.append(Person(client, await sign_in(service, somebody)))
        yield House(service, organization, *people)


async def test_a_view_is_private_until_it_is_shared(house: House) -> None:
    view = await house.ann.save()
    assert (view["is_own"], view["is_shared"], view["is_starred"]) == (True, False, False)
    assert (view["author"], view["author_name"]) == ("ann", "ann")
    assert await house.ann.views() == [view]
    assert await house.bob.views() == []
    path = f"/views/{view['id']}"
    for method, body in (("PATCH", {"name": "Mine"}), ("DELETE", None)):
        assert await house.bob.refused(method, path, body) == (404, "VIEW_NOT_FOUND")
    assert await house.bob.refused("PATCH", path, {"is_starred": True}) == (404, "VIEW_NOT_FOUND")
    shared = (await house.ann.ask("PATCH", path, {"is_shared": True})).json()
    assert shared["is_shared"]
    [seen] = await house.bob.views()
    assert (seen["id"], seen["is_own"], seen["query"]) == (view["id"], False, FAILED["query"])


async def test_only_the_author_changes_a_shared_view(house: House) -> None:
    path = f"/views/{(await house.ann.save(is_shared=True))['id']}"
    for method, body in (
        ("PATCH", {"query": "q=x"}),
        ("PATCH", {"is_shared": False}),
        ("PATCH", {"name": "Mine", "is_starred": True}),
        ("DELETE", None),
    ):
        assert await house.bob.refused(method, path, body) == (403, "NOT_THE_AUTHOR")
    assert not (await house.bob.views())[0]["is_starred"]
    changed = (await house.ann.ask("PATCH", path, {"name": "Ours", "query": "?q=y"})).json()
    assert (changed["name"], changed["query"]) == ("Ours", "q=y")


async def test_a_star_is_each_persons_own_and_comes_first(house: House) -> None:
    await house.ann.save(name="a", is_shared=True)
    last = await house.ann.save(name="z", is_shared=True)
    path = f"/views/{last['id']}"
    for _ in range(2):
        assert (await house.bob.ask("PATCH", path, {"is_starred": True})).json()["is_starred"]
    assert [each["name"] for each in await house.bob.views()] == ["z", "a"]
    assert [each["name"] for each in await house.ann.views()] == ["a", "z"]
    assert not (await house.bob.ask("PATCH", path, {"is_starred": False})).json()["is_starred"]
    assert [each["name"] for each in await house.bob.views()] == ["a", "z"]
    assert (await house.ann.save(name="y", is_starred=True))["is_starred"]
    assert [each["name"] for each in await house.ann.views()] == ["y", "a", "z"]


async def test_a_deleted_view_is_gone_with_its_stars(house: House) -> None:
    view = await house.ann.save(is_shared=True)
    path = f"/views/{view['id']}"
    await house.bob.ask("PATCH", path, {"is_starred": True})
    assert (await house.ann.ask("DELETE", path)).status_code == 204
    assert await house.bob.views() == []
    assert await house.ann.refused("DELETE", path) == (404, "VIEW_NOT_FOUND")


async def test_changes_are_on_the_record_and_stars_are_not(house: House) -> None:
    view = await house.ann.save()
    path = f"/views/{view['id']}"
    await house.ann.ask("PATCH", path, {"is_starred": True})
    await house.ann.ask("PATCH", path, {"name": FAILED["name"]})
    await house.ann.ask("PATCH", path, {"is_shared": True})
    await house.ann.ask("DELETE", path)
    made = [
        each
        for each in await own_events(house.service, house.organization)
        if each["resource_type"] == "SAVED_VIEW"
    ]
    assert [each["action"] for each in made] == ["CREATE", "UPDATE", "DELETE"]
    assert {(each["user_id"], each["resource_id"]) for each in made} == {("ann", view["id"])}
    assert made[0]["details"] == {"query": FAILED["query"], "is_shared": False}
    assert made[1]["details"] == {
        "changed_fields": ["is_shared"],
        "old_value": False,
        "new_value": True,
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": " "}, "INVALID_NAME"),
        ({"name": "a\u202eb"}, "INVALID_NAME"),
        ({"query": "q=\n"}, "INVALID_VALUE"),
        ({"name": "x" * 101}, "INVALID_REQUEST"),
        ({"colour": "red"}, "INVALID_REQUEST"),
    ],
)
async def test_what_cannot_be_saved(house: House, body: Json, code: str) -> None:
    assert await house.ann.refused("POST", "/views", {**FAILED, **body}) == (400, code)


async def test_an_author_has_so_many_views(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MAX_VIEWS", 1)
    await house.ann.save()
    assert await house.ann.refused("POST", "/views", FAILED) == (409, "TOO_MANY_VIEWS")
    await house.bob.save()


async def test_another_organization_sees_none_of_it(house: House, service: Service) -> None:
    view = await house.ann.save(is_shared=True)
    organization, token = await service.new_organization()
    async with service.client(token) as client:
        stranger = Person(client, {})
        assert await stranger.views() == []
        path = f"/views/{view['id']}"
        assert await stranger.refused("PATCH", path, {"is_starred": True}) == (
            404,
            "VIEW_NOT_FOUND",
        )
        assert await stranger.refused("DELETE", path) == (404, "VIEW_NOT_FOUND")
        own = await stranger.save()
        assert own["author"].startswith("api-key:")
    assert organization != house.organization
