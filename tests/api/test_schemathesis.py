"""Made-up requests for every operation, right and wrong ones: the answers fit the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, CheckContext, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.tenant import opened
from tests.api.walk import ENDLESS, GUARDED, WALK, Route
from tests.live import LiveServer


def no_fault_of_the_server(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """As schemathesis has it, but for the documented "not now" that says when to come back:
    so many sign-ins at once are more than one a second."""
    if response.status_code == 503 and "retry-after" in response.headers:
        return None
    return not_a_server_error(ctx, response, case)


CHECKS: Final[list[Any]] = [
    no_fault_of_the_server,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES: Final = 25


@pytest.fixture(scope="module")
def api(live_server: LiveServer) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{live_server.url}/openapi.json")


@pytest.fixture(scope="module")
def token(live_server: LiveServer) -> Iterator[str]:
    """Of an organization that may be changed at will."""
    with opened(live_server) as tenant:
        yield tenant.token


# A public route takes nothing, so nothing about it can be wrong. An answer without end cannot be
# waited for, and some requests that are made up to be wrong are answered nevertheless.
ASKED: Final = [
    *((route, GenerationMode.POSITIVE) for route in WALK if route.path not in ENDLESS),
    *((route, GenerationMode.NEGATIVE) for route in GUARDED if route.path not in ENDLESS),
]


@pytest.mark.parametrize(
    ("route", "mode"), ASKED, ids=[f"{route}-{mode.value}" for route, mode in ASKED]
)
def test_any_request_is_answered_as_documented(
    api: BaseSchema, token: str, route: Route, mode: GenerationMode
) -> None:
    operation = api[route.path][route.method]
    headers = {"Authorization": f"Bearer {token}"}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Case[Any]) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    check()
