"""The OpenAPI document: valid, complete, and with examples that are true to it."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import jsonschema  # type: ignore[import-untyped]
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.api.tenant import Json, Tenant, event
from tests.api.walk import ENDLESS, GUARDED, WALK, Route, operations_of
from tests.live import LiveServer
from trailkeeper.principal import Permission
from trailkeeper.problem import PROBLEM_JSON

DOCUMENT = "urn:openapi"
BOTH: list[Json] = [{"ApiKey": []}, {"Session": []}]
ANSWERED_FOR_ANYBODY = {
    "GET /users/{user_id}/activity",
    "GET /users/{user_id}/access",
    "GET /users/{user_id}/viewers",
    "GET /resources/{resource_type}/{resource_id}/access",
    "PUT /users/{user_id}",
}
"""A user that nobody heard of has done nothing, which is an answer."""
FAILURES = re.compile(r"[45]..")


@pytest.fixture(scope="module")
def document(live_server: LiveServer) -> Json:
    answer = httpx2.get(f"{live_server.url}/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found: Json = answer.json()
    return found


@pytest.fixture(scope="module")
def operations(document: Json) -> dict[str, Json]:
    return operations_of(document)


def validate(document: Json, schema: Json, value: Any) -> None:
    """Checks a value against one of the document's schemas, formats included."""
    resource: Resource[Any] = Resource.from_contents(document, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(DOCUMENT, resource)
    jsonschema.Draft202012Validator(
        absolute(schema),
        registry=registry,
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    ).validate(value)


def absolute(schema: Any) -> Any:
    """The schema with its references leading into the document."""
    if isinstance(schema, list):
        return [absolute(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: f"{DOCUMENT}{value}" if name == "$ref" else absolute(value)
        for name, value in schema.items()
    }


def test_it_is_a_valid_openapi_3_1_document(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


@pytest.mark.parametrize("route", WALK, ids=str)
def test_each_operation_says_all_that_can_come(operations: dict[str, Json], route: Route) -> None:
    """What follows from its shape must be there; what its work may bring is up to it, and the
    walks through the running server meet nothing that the document does not tell."""
    operation = operations[str(route)]
    told = set(operation["responses"])
    expected = set() if route.path in ("/healthz", "/metrics") else {"503"}
    if not route.is_public:
        expected |= {"401", "403"}
    if operation.get("parameters") or "requestBody" in operation:
        expected.add("400")
    if "requestBody" in operation:
        expected.add("413")
    if route.method != "GET" or route.path == "/audit-logs/export":
        expected.add("507")
    if route.parameters and str(route) not in ANSWERED_FOR_ANYBODY:
        expected.add("404")
    failures = {status for status in told if FAILURES.fullmatch(status)}
    assert failures >= expected
    assert failures - expected <= {"401", "403", "404", "409", "415", "422", "429", "502"}
    assert told - failures
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]


@pytest.mark.parametrize("route", WALK, ids=str)
def test_each_operation_says_who_may(
    document: Json, operations: dict[str, Json], route: Route
) -> None:
    security = operations[str(route)].get("security", document["security"])
    expected = [] if route.is_public else BOTH[1:] if route.is_for_people else BOTH
    assert security == expected
    schemes = document["components"]["securitySchemes"]
    assert schemes["ApiKey"]["scheme"] == "bearer"
    assert schemes["Session"]["in"] == "cookie"


@pytest.mark.parametrize("route", WALK, ids=str)
def test_each_answer_has_an_example_that_fits(
    document: Json, operations: dict[str, Json], route: Route
) -> None:
    for status, response in operations[str(route)]["responses"].items():
        if status == "204":
            assert "content" not in response
            continue
        for media_type, media in response["content"].items():
            if FAILURES.fullmatch(status):
                assert media_type == PROBLEM_JSON
                assert media["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert media["examples"], (status, media_type)
            for example in media["examples"].values():
                validate(document, media["schema"], example["value"])
                if FAILURES.fullmatch(status):
                    assert example["value"]["status"] == int(status)


def test_each_body_is_described_with_an_example(
    document: Json, operations: dict[str, Json]
) -> None:
    for name in ("POST /audit-logs", "POST /audit-logs/batch"):
        body = operations[name]["requestBody"]
        assert body["required"] is True
        assert "application/json" in body["content"]
    schema = operations["POST /audit-logs"]["requestBody"]["content"]["application/json"]["schema"]
    for example in schema["examples"]:
        validate(document, schema, example)
    assert schema["required"] == ["action", "resource_type"]
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    "name", ["NewKey", "OrganizationChanges", "Redaction", "RetentionRule", "RetentionOrder"]
)
def test_what_refuses_unknown_fields_says_so(document: Json, name: str) -> None:
    assert document["components"]["schemas"][name]["additionalProperties"] is False


def test_parameters_are_named_described_and_bounded(operations: dict[str, Json]) -> None:
    for name, operation in operations.items():
        seen = [(each["in"], each["name"]) for each in operation.get("parameters", [])]
        assert len(seen) == len(set(seen)), name
        for each in operation.get("parameters", []):
            assert each["description"], (name, each["name"])
    search = {each["name"]: each["schema"] for each in operations["GET /audit-logs"]["parameters"]}
    assert (search["limit"]["minimum"], search["limit"]["maximum"]) == (1, 1000)
    assert search["offset"]["maximum"] == 100_000
    assert search["order"]["enum"] == ["desc", "asc", "committed"]
    activity = operations["GET /users/{user_id}/activity"]["parameters"]
    assert [each["in"] for each in activity if each["name"] == "user_id"] == ["path"]


def test_answers_of_the_server_fit_the_document(
    document: Json, operations: dict[str, Json], tenant: Tenant
) -> None:
    """With values in every field, which made-up questions seldom find."""
    own = event(
        user_id="ann",
        user_email="ann@acme.io",
        on_behalf_of="bob",
        resource_id="r",
        resource_name="R",
        ip_address="203.0.113.7",
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        details={"password": "x", "list": [1, None, {"a": "b"}]},
    )
    tenant.record([own, event(user_id="ann"), event(user_id="ann")])
    for route in GUARDED:
        if route.method != "GET" or route.path in ("/audit-logs/export", *ENDLESS):
            continue
        answer = route.ask(tenant.client, {"event_id": own["id"], "user_id": "ann"})
        if answer.status_code != 200:
            # Of what there is none of here: it is told so, in the one form of all problems.
            assert route.is_for_people or answer.status_code == 404
            problem = operations[str(route)]["responses"][str(answer.status_code)]["content"]
            validate(document, problem[PROBLEM_JSON]["schema"], answer.json())
            continue
        schema = operations[str(route)]["responses"]["200"]["content"]["application/json"]["schema"]
        validate(document, schema, answer.json())
    exported = tenant.client.get("/audit-logs/export", params={"format": "json"}).json()
    content = operations["GET /audit-logs/export"]["responses"]["200"]["content"]
    assert set(content) == {"text/csv", "application/json", "application/x-ndjson"}
    validate(document, content["application/json"]["schema"], exported)


def test_permissions_are_a_closed_list(document: Json) -> None:
    told = document["components"]["schemas"]["Permission"]["enum"]
    assert set(told) == {each.value for each in Permission}
