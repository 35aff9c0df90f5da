"""Bodies are read as they are written: no coercion, no unknown fields."""

from __future__ import annotations

import msgspec
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from tests.access.people.conftest import House, Json

LENIENT: list[tuple[str, str, Json, str | None]] = [
    ("PATCH", "/organization", {"retention_days": "77"}, "retention_days"),
    ("PATCH", "/organization", {"retention_days": 77.5}, "retention_days"),
    ("PATCH", "/organization", {"retention_days": True}, "retention_days"),
    ("PATCH", "/organization", {"name": 77}, "name"),
    ("PATCH", "/organization", {"working_hours": {"days": ["1"]}}, "working_hours.days[0]"),
    ("PUT", "/users/ada", {"name": 77}, "name"),
    ("PUT", "/users/ada", {"email": "ada@x.io"}, "name"),
    ("POST", "/roles/", {"name": "A", "permissions": "user:view"}, "permissions"),
    ("POST", "/roles/", {"name": "A", "permissions": [], "colour": "blue"}, None),
    ("POST", "/api-keys/", {"name": "A", "permissions": [1]}, "permissions[0]"),
]


async def test_another_type_or_field_is_refused(house: House) -> None:
    for method, path, body, field in LENIENT:
        async with house.client() as client:
            answer = await client.request(method, path, json=body)

        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (400, "INVALID_REQUEST")
        assert problem.get("field") == field
        assert problem["detail"]


NO_OBJECTS: list[bytes] = [b"{", b"", b"\xff", b"[" * 5000, b"[]", b"null", b'"x"']


async def test_what_is_no_object_is_refused(house: House) -> None:
    for body in NO_OBJECTS:
        headers = {"Content-Type": "application/json"}
        async with house.client() as client:
            answer = await client.patch("/organization", content=body, headers=headers)

        assert answer.status_code == 400
        assert answer.json()["code"] in ("INVALID_REQUEST", "MALFORMED_REQUEST")


async def test_every_body_forbids_unknown_fields(house: House) -> None:
    handlers = [
        handler
        for route in house.service.app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.parsed_data_field is not None
    ]
    lenient = [str(handler) for handler in handlers if not is_strict(handler)]

    assert len(handlers) > 15
    assert lenient == []


def is_strict(handler: BaseRouteHandler) -> bool:
    field = handler.parsed_data_field
    return (
        field is not None
        and field.is_subclass_of(msgspec.Struct)
        and field.annotation.__struct_config__.forbid_unknown_fields
    )
