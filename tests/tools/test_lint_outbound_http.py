from __future__ import annotations

import pytest

from lint_outbound_http import check
from tests.tools.conftest import Write

CLIENTS = [
    "import aiohttp",
    "import http.client",
    "import httpx2",
    "import requests as http",
    "import urllib.request",
    "from http import client",
    "from httpx import AsyncClient",
    "from urllib import request",
    "from urllib3.util import Retry",
]


@pytest.mark.parametrize("line", CLIENTS)
def test_refuses_a_second_way_out(write: Write, line: str) -> None:
    (finding,) = check(write("src/trailkeeper/notify/slack.py", f"X = 1\n{line}\n"))

    assert str(finding).startswith("src/trailkeeper/notify/slack.py:2: ")


@pytest.mark.parametrize("line", CLIENTS)
@pytest.mark.parametrize("place", ["client/transport.py", "outbound.py"])
def test_accepts_the_two_places(write: Write, place: str, line: str) -> None:
    assert check(write(f"src/trailkeeper/{place}", f"{line}\n")) == []


@pytest.mark.parametrize(
    "line",
    [
        "from urllib.parse import urlsplit",
        "from http import HTTPStatus",
        "import requests_toolbelt",
    ],
)
def test_accepts_neighbours(write: Write, line: str) -> None:
    assert check(write("src/trailkeeper/notify/slack.py", f"{line}\n")) == []


def test_escape_is_named_and_needs_a_reason(write: Write) -> None:
    name = "src/trailkeeper/cli/doctor.py"

    assert check(write(name, "import httpx2  # outbound-http: asks our own port\n")) == []
    assert len(check(write(name, "import httpx2  # outbound-http:\n"))) == 1
