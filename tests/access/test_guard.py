from __future__ import annotations

import shutil
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, Router, get
from litestar.datastructures import State
from litestar.handlers import asgi
from litestar.openapi import OpenAPIConfig
from litestar.params import FromPath

from tests.access.conftest import ACME, Room, make_app
from tests.metadata import sqlite_url
from trailkeeper.access.guard import check_all_routes_declare, requires
from trailkeeper.access.keys import list_keys
from trailkeeper.errors import ConfigurationError
from trailkeeper.principal import Permission, Principal, system_tenant


@pytest.fixture
def metadata_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Nothing here depends on the kind of database: one is enough."""
    shutil.copy(migrated_sqlite, tmp_path)
    return sqlite_url(tmp_path)


@get("/view", guards=[requires(Permission.USER_VIEW)])
async def view(request: Request[Principal, Any, State]) -> dict[str, str]:
    return {"organization": request.user.organization, "key": request.user.actor}


@get("/item/{number:int}", guards=[requires(Permission.USER_VIEW)])
async def item(number: FromPath[int]) -> int:
    return number


@get("/open", opt={"public": True})
async def open_to_all() -> str:
    return "hello"


@get("/forgotten")
async def forgotten() -> str:
    return "oops"


@asgi("/mounted", copy_scope=True)
async def mounted(scope: Any, receive: Any, send: Any) -> None:
    raise NotImplementedError


async def test_the_principal_is_on_the_request(room: Room) -> None:
    issued = await room.issue(Permission.USER_MANAGE)

    async with room.client(issued.token, routes=[view]) as client:
        answer = await client.get("/view")

    assert answer.status_code == 200
    assert answer.json() == {"organization": "acme", "key": f"api-key:{issued.key.id}"}


async def test_401_comes_before_403_and_before_the_request_is_read(room: Room) -> None:
    writer = (await room.issue(Permission.EVENT_WRITE)).token
    async with room.client(routes=[view, item]) as client:
        for path in ("/view", "/item/1"):
            nobody = await client.get(path)
            forbidden = await client.get(path, headers={"Authorization": f"Bearer {writer}"})
            assert (nobody.status_code, nobody.json()["code"]) == (401, "MISSING_KEY")
            assert nobody.headers["WWW-Authenticate"] == 'Bearer realm="trailkeeper"'
            assert (forbidden.status_code, forbidden.json()["code"]) == (403, "PERMISSION_MISSING")
            assert "user:view" in forbidden.json()["detail"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Basic dXNlcjpwYXNz", "MISSING_KEY"),
        ("Bearer", "MISSING_KEY"),
        ("Bearer ", "MISSING_KEY"),
        ("Bearer nonsense", "INVALID_KEY"),
        ("tk_0123456789abcdef_x", "MISSING_KEY"),
        ("Bearer tk_0123456789abcdef_\xe9\xff", "INVALID_KEY"),
    ],
)
async def test_other_headers_are_refused(room: Room, header: str, code: str) -> None:
    async with room.client(routes=[view]) as client:
        answer = await client.get("/view", headers=[(b"Authorization", header.encode("latin-1"))])

    assert (answer.status_code, answer.json()["code"]) == (401, code)


async def test_the_schemes_case_and_outer_blanks_do_not_matter(room: Room) -> None:
    token = (await room.issue()).token
    async with room.client(routes=[view]) as client:
        answer = await client.get("/view", headers={"Authorization": f"bEARER   {token} "})

    assert answer.status_code == 200


async def test_the_key_remembers_the_client_behind_the_proxy(room: Room) -> None:
    token = (await room.issue()).token
    proxies = (ip_network("10.0.0.0/8"),)
    async with room.client(
        token, routes=[view], trusted_proxies=proxies, peer="10.0.0.1"
    ) as client:
        await client.get("/view", headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.9"})
    await room.keys.flush_last_used()

    async with room.metadata.reading() as session:
        [key] = await list_keys(session, system_tenant(ACME))
    assert key.last_used_address == "203.0.113.9"


async def test_a_public_route_asks_nothing(room: Room) -> None:
    async with room.client(routes=[open_to_all]) as client:
        assert (await client.get("/open")).text == "hello"


def test_declared_routes_pass(room_app: Litestar) -> None:
    check_all_routes_declare(room_app)


@pytest.mark.parametrize(
    ("handler", "named"), [(forgotten, "GET /forgotten"), (mounted, "ANY /mounted")]
)
def test_an_undeclared_route_is_named(handler: Any, named: str) -> None:
    app = Litestar([view, handler], openapi_config=None)

    with pytest.raises(ConfigurationError) as raised:
        check_all_routes_declare(app)
    assert raised.value.code == "ROUTE_UNDECLARED"
    assert named in raised.value.detail
    assert "/view" not in raised.value.detail


@pytest.fixture
def room_app() -> Litestar:
    docs = Router("/schema", route_handlers=[], opt={"public": True})
    config = OpenAPIConfig(title="test", version="1", openapi_router=docs)
    return Litestar([view, item, open_to_all], openapi_config=config)


async def test_the_rooms_own_routes_are_declared(room: Room) -> None:
    check_all_routes_declare(make_app(room.state(), openapi_config=None))
