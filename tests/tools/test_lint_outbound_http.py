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

MAILERS = [
    "import aiosmtplib",
    "import smtplib",
    "from aiosmtplib import SMTP",
]


@pytest.mark.parametrize("line", CLIENTS + MAILERS)
def test_refuses_a_second_way_out(write: Write, line: str) -> None:
    (finding,) = check(write("src/trailkeeper/notify/slack.py", f"X = 1\n{line}\n"))

    assert str(finding).startswith("src/trailkeeper/notify/slack.py:2: ")


@pytest.mark.parametrize("line", CLIENTS)
@pytest.mark.parametrize("place", ["client/transport.py", "outbound/http.py"])
def test_accepts_the_two_places(write: Write, place: str, line: str) -> None:
    assert check(write(f"src/trailkeeper/{place}", f"{line}\n")) == []


@pytest.mark.parametrize("line", MAILERS)
def test_mail_has_one_place(write: Write, line: str) -> None:
    assert check(write("src/trailkeeper/outbound/smtp.py", f"{line}\n")) == []
    (finding,) = check(write("src/trailkeeper/client/mail.py", f"{line}\n"))
    assert "trailkeeper.outbound only" in finding.message


@pytest.mark.parametrize("name", ["outbound.py", "outbounds/a.py", "clients.py"])
def test_refuses_names_that_only_look_like_the_places(write: Write, name: str) -> None:
    assert len(check(write(f"src/trailkeeper/{name}", "import httpx2\n"))) == 1


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
