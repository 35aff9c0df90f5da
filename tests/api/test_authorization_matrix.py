"""Every route of the OpenAPI document, for everyone who might ask: who gets in and who does not.

What is expected is derived from the route's own declaration (`x-access`, `x-permission`,
`x-or-own`), and the order is 401 before 403 before 404.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import httpx2
import msgspec
import pytest

from tests.api.people import SomeBody, add_person, sign_in
from tests.api.tenant import Json
from tests.engine import NOON, Service
from trailkeeper.access.allow_list import AllowedNetwork, save_allow_list
from trailkeeper.access.declared import Access
from trailkeeper.access.keys import create_key
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.standing import disable_member
from trailkeeper.access.roles import BUILT_IN_ROLES
from trailkeeper.event import OrganizationId
from trailkeeper.principal import IMPLIED, Permission, Principal, system_tenant

METHODS: Final = ("get", "post", "put", "patch", "delete")
PARAMETER: Final = re.compile(r"\{(\w+)\}")
MADE_UP: Final = "0123456789abcdef"
NOT_LET_IN: Final = {"PERMISSION_MISSING", "PERSON_NEEDED"}
ENDS_SESSIONS: Final = timedelta(days=400)


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    access: str
    permissions: frozenset[Permission]
    or_own: str | None
    told: frozenset[str]
    takes_body: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        return PARAMETER.findall(self.path)

    def url(self, values: dict[str, str]) -> str:
        return PARAMETER.sub(lambda found: values.get(found[1], MADE_UP), self.path)

    def lets_in(self, principal: Principal, values: dict[str, str]) -> bool:
        """What the declaration says of a principal that was authenticated."""
        if self.access == Access.PERSON:
            return principal.is_person
        is_own = (
            self.or_own is not None
            and principal.is_person
            and values.get(self.or_own) == principal.user_id
        )
        return is_own or all(principal.may(each) for each in self.permissions)


def operations_in(document: Json) -> Iterator[Operation]:
    for path, operations in document["paths"].items():
        for method, told in operations.items():
            if method in METHODS:
                yield Operation(
                    method.upper(),
                    path,
                    told["x-access"],
                    frozenset(Permission(each) for each in told.get("x-permission", ())),
                    told.get("x-or-own"),
                    frozenset(told["responses"]),
                    "requestBody" in told,
                )


@dataclass
class Matrix:
    """A service with two organizations, and all its guarded operations."""

    service: Service
    organization: str
    client: httpx2.AsyncClient
    operations: list[Operation]

    @property
    def guarded(self) -> list[Operation]:
        return [each for each in self.operations if each.access != Access.PUBLIC]

    async def ask(
        self, operation: Operation, headers: dict[str, str], values: dict[str, str] | None = None
    ) -> httpx2.Response:
        return await self.client.request(
            operation.method, operation.url(values or {}), headers=headers
        )

    async def new_key(
        self, permissions: Collection[Permission], organization: str | None = None
    ) -> dict[str, str]:
        """The headers of a new key."""
        async with self.service.services.metadata.transaction() as session:
            issued = await create_key(
                session,
                self.service.services.keys.hasher,
                system_tenant(OrganizationId(organization or self.organization)),
                "matrix",
                permissions,
                now=self.service.clock(),
            )
        return {"Authorization": f"Bearer {issued.token}"}

    async def check_all(self, headers: dict[str, str], status: int, code: str) -> None:
        """Each guarded operation is refused with this status and code."""
        wrong = []
        for operation in self.guarded:
            answer = await self.ask(operation, headers)
            if (answer.status_code, code_of(answer)) != (status, code):
                wrong.append(f"{operation}: {answer.status_code} {answer.text[:200]}")
        assert wrong == []


@pytest.fixture
async def matrix(service: Service) -> AsyncIterator[Matrix]:
    organization, _ = await service.new_organization()
    transport = httpx2.ASGITransport(
        app=service.app,  # type: ignore[arg-type]
        client=("127.0.0.1", 1234),
        raise_app_exceptions=False,
    )
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://127.0.0.1:8080", follow_redirects=False
    ) as client:
        document = (await client.get("/openapi.json")).json()
        yield Matrix(service, organization, client, list(operations_in(document)))


def code_of(answer: httpx2.Response) -> str:
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return str(answer.json()["code"]) if is_problem else ""


async def test_every_operation_declares_who_may(matrix: Matrix) -> None:
    assert len(matrix.guarded) > 40
    assert {each.access for each in matrix.operations} == set(Access)
    used = {permission for each in matrix.operations for permission in each.permissions}
    assert used >= set(Permission) - {Permission.ROLE_MANAGE}
    for operation in matrix.guarded:
        assert operation.told >= {"401", "403"}, operation


async def test_anonymous(matrix: Matrix) -> None:
    await matrix.check_all({}, 401, "MISSING_KEY")


async def test_public_routes_ask_nobody_who_they_are(matrix: Matrix) -> None:
    public = [each for each in matrix.operations if each.access == Access.PUBLIC]
    assert len(public) > 5
    for operation in public:
        answer = await matrix.ask(operation, {})
        assert answer.status_code < 500, operation
        assert code_of(answer) not in {"MISSING_KEY", *NOT_LET_IN}, operation


async def test_a_key_without_the_scope(matrix: Matrix) -> None:
    """A key with everything but what is needed, for each permission that is needed."""
    keys: dict[Permission, dict[str, str]] = {}
    for lacking in Permission:
        stronger = {each for each, implied in IMPLIED.items() if implied is lacking}
        keys[lacking] = await matrix.new_key(set(Permission) - {lacking} - stronger)
    wrong = []
    for operation in matrix.guarded:
        for lacking in operation.permissions:
            answer = await matrix.ask(operation, keys[lacking])
            if (answer.status_code, code_of(answer)) != (403, "PERMISSION_MISSING"):
                wrong.append(f"{operation} without {lacking}: {answer.status_code} {answer.text}")
    assert wrong == []


async def test_a_key_is_no_person(matrix: Matrix) -> None:
    key = await matrix.new_key(list(Permission))
    for operation in matrix.guarded:
        if operation.access == Access.PERSON:
            answer = await matrix.ask(operation, key)
            assert (answer.status_code, code_of(answer)) == (403, "PERSON_NEEDED"), operation


@pytest.mark.parametrize("role", sorted(BUILT_IN_ROLES))
async def test_each_built_in_role(matrix: Matrix, role: str) -> None:
    """In or out as declared; for others' ids that are made up, and for their own."""
    # Somebody else stays SUPER_ADMIN, whatever is done by the one who asks.
    await add_person(matrix.service, matrix.organization, "root", "SUPER_ADMIN")
    asker = await add_person(matrix.service, matrix.organization, "asker", role)
    wrong = []
    for operation in matrix.guarded:
        choices: list[dict[str, str]] = [{}]
        if operation.or_own is not None:
            choices.append({operation.or_own: asker.user_id})
        for values in choices:
            # A session of its own for each: some operations end it.
            headers = await sign_in(matrix.service, asker)
            answer = await matrix.ask(operation, headers, values)
            is_in = operation.lets_in(_principal(asker, role), values)
            if is_in != _was_let_in(answer):
                wrong.append(f"{operation} {values}: {answer.status_code} {answer.text[:200]}")
    assert wrong == []


def _principal(somebody: SomeBody, role: str) -> Principal:
    return Principal(
        somebody.organization,
        None,
        "asker",
        BUILT_IN_ROLES[role],
        user_id=somebody.user_id,
        person_id=somebody.person_id,
    )


def _was_let_in(answer: httpx2.Response) -> bool:
    assert answer.status_code < 500, answer.text
    assert answer.status_code != 401, answer.text
    return code_of(answer) not in NOT_LET_IN


async def test_a_disabled_person(matrix: Matrix) -> None:
    asker = await add_person(matrix.service, matrix.organization, "asker", "ADMIN")
    headers = await sign_in(matrix.service, asker)
    assert (await matrix.client.get("/me", headers=headers)).status_code == 200
    tenant = system_tenant(asker.organization)
    async with matrix.service.services.metadata.transaction() as session:
        await disable_member(session, tenant, "asker", editor=operating(), now=NOON)
    matrix.service.services.sessions.forget_person(asker.person_id)
    await matrix.check_all(headers, 401, "SESSION_INVALID")


async def test_an_expired_session(matrix: Matrix) -> None:
    asker = await add_person(matrix.service, matrix.organization, "asker", "SUPER_ADMIN")
    headers = await sign_in(matrix.service, asker)
    matrix.service.clock.advance(ENDS_SESSIONS)
    await matrix.check_all(headers, 401, "SESSION_EXPIRED")


async def test_outside_the_allow_list(matrix: Matrix) -> None:
    asker = await add_person(matrix.service, matrix.organization, "asker", "SUPER_ADMIN")
    headers = await sign_in(matrix.service, asker)
    key = await matrix.new_key(list(Permission))
    tenant = system_tenant(asker.organization)
    async with matrix.service.services.metadata.transaction() as session:
        await save_allow_list(session, tenant, [AllowedNetwork(network="203.0.113.0/24")])
    matrix.service.services.allow_lists.forget(tenant.organization)
    for given in (headers, key):
        await matrix.check_all(given, 403, "ADDRESS_NOT_ALLOWED")


async def test_a_session_without_its_csrf_token_changes_nothing(matrix: Matrix) -> None:
    asker = await add_person(matrix.service, matrix.organization, "asker", "SUPER_ADMIN")
    headers = {"Cookie": (await sign_in(matrix.service, asker))["Cookie"]}
    unsafe = [each for each in matrix.guarded if each.method != "GET"]
    assert len(unsafe) > 15
    for operation in unsafe:
        answer = await matrix.ask(operation, headers)
        assert (answer.status_code, code_of(answer)) == (403, "CSRF_TOKEN_WRONG"), operation


async def test_another_organizations_key_and_ids(matrix: Matrix) -> None:
    """What is another's is not found, and nothing of it is shown."""
    values = await _make_victim(matrix)
    stranger, _ = await matrix.service.new_organization()
    key = await matrix.new_key(list(Permission), stranger)
    wrong = []
    for operation in matrix.guarded:
        if operation.access == Access.PERSON:
            continue
        answer = await matrix.ask(operation, key, values)
        is_found = answer.status_code not in (400, 404)
        if "404" in operation.told and operation.parameters and is_found:
            wrong.append(f"{operation}: {answer.status_code} {answer.text[:200]}")
        if answer.status_code < 400 and "victim" in _without_filters(answer.text, values):
            wrong.append(f"{operation} shows another's: {answer.text[:300]}")
    assert wrong == []


async def _make_victim(matrix: Matrix) -> dict[str, str]:
    """Ids of the first organization's things; each of their texts says `victim`."""
    victim = await add_person(matrix.service, matrix.organization, "victim", "ADMIN")
    await sign_in(matrix.service, victim)
    key = await matrix.new_key(list(Permission))
    json = {"Content-Type": "application/json", **key}
    event = {"id": "e-victim", "action": "LOGIN", "resource_type": "USER", "user_id": "victim"}
    recorded = await matrix.client.post(
        "/audit-logs/", content=msgspec.json.encode(event), headers=json
    )
    assert recorded.status_code == 201
    sessions = (await matrix.client.get("/users/victim/sessions", headers=key)).json()
    keys = (await matrix.client.get("/api-keys/", headers=key)).json()
    return {
        "event_id": "e-victim",
        "user_id": "victim",
        "key_id": keys["items"][0]["id"],
        "session_id": sessions["items"][0]["id"],
        "resource_type": "USER",
        "resource_id": "victim",
    }


def _without_filters(text: str, values: dict[str, str]) -> str:
    """The answer without the ids that were asked for."""
    for value in values.values():
        text = text.replace(f'"{value}"', "")
    return text


async def test_a_stranger_is_refused_before_it_is_looked_up(matrix: Matrix) -> None:
    """401 before 403 before 404: made-up ids are 404 only for who may ask."""
    nobody = await matrix.new_key([Permission.EVENT_WRITE])
    everybody = await matrix.new_key(list(Permission))
    wanted = [
        each
        for each in matrix.guarded
        if each.parameters and "404" in each.told and not each.takes_body and each.permissions
    ]
    assert len(wanted) > 5
    for operation in wanted:
        statuses = [
            (await matrix.ask(operation, headers)).status_code
            for headers in ({}, nobody, everybody)
        ]
        assert statuses == [401, 403, 404], operation
