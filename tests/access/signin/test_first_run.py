"""First run as an operator meets it: what the terminal says, and what it opens."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx2
import pytest

from tests.access.signin.conftest import ADA, ANOTHER, PASSWORD
from tests.cli.conftest import Cli, cli
from tests.engine import Service
from tests.live import LiveServer
from trailkeeper.announce import Beginning, announce
from trailkeeper.bootstrap import ensure_demo_people, ensure_first_organization, for_demo
from trailkeeper.demo import Role, people
from trailkeeper.settings import Settings

__all__ = ["cli"]

LINK = re.compile(r"http://127\.0\.0\.1:\d+/setup#([A-Za-z0-9_-]{43})\n")
RESET = re.compile(r"http://127\.0\.0\.1:\d+/reset#([A-Za-z0-9_-]{43})")


def printed(server: LiveServer) -> str:
    return (server.data / "printed.txt").read_text()


def test_a_fresh_server_is_set_up_with_the_link_it_prints(own_server: LiveServer, cli: Cli) -> None:
    own_server.start()
    token = LINK.search(printed(own_server))
    assert token is not None
    assert token[1] not in own_server.log.read_text()
    own_server.stop()
    own_server.start()
    anew = LINK.search(printed(own_server))
    assert anew is not None
    assert anew[1] != token[1]
    with httpx2.Client(base_url=own_server.url) as client:
        assert client.get("/setup").json() == {"needed": True, "demo": False}
        body = {"token": anew[1], "email": ADA, "name": "Ada", "password": PASSWORD}
        answer = client.post("/setup", json=body, headers={"Origin": own_server.url})
        assert answer.status_code == 200, answer.text
        cookies = dict(each.partition(";")[0].split("=", 1) for each in cookies_of(answer))
        cookie = {"Cookie": f"__Host-trailkeeper={cookies['__Host-trailkeeper']}"}
        me = client.get("/me", headers=cookie).json()
        assert me["role"] == "SUPER_ADMIN"
        wait_for_login(client, cookie, me["user_id"])
    own_server.stop()
    own_server.start()
    assert LINK.search(printed(own_server)) is None
    refused = cli("setup-link", "--data", own_server.data)
    assert (refused.code, "SETUP_DONE" in refused.err) == (1, True)


def test_a_lost_password_is_reset_by_the_link_in_the_log(own_server: LiveServer) -> None:
    """Without a mail server, mails stand in the log: the operator is never locked out."""
    own_server.start()
    token = LINK.search(printed(own_server))
    assert token is not None
    with httpx2.Client(base_url=own_server.url) as client:
        body = {"token": token[1], "email": ADA, "name": "Ada", "password": PASSWORD}
        assert client.post("/setup", json=body).status_code == 200
        assert client.post("/password-resets", json={"email": ADA}).status_code == 202
        link = wait_for(RESET, own_server.log)
        body = {"token": link[1], "password": ANOTHER}
        assert client.post("/password-resets/confirm", json=body).status_code == 204
        answer = client.post("/sign-in", json={"email": ADA, "password": ANOTHER})
        assert answer.json()["status"] == "signed_in"


def wait_for(pattern: re.Pattern[str], path: Path) -> re.Match[str]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = pattern.search(path.read_text())
        if found is not None:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{pattern.pattern} is not in {path}")


def cookies_of(answer: httpx2.Response) -> list[str]:
    return answer.headers.get_list("set-cookie")


def wait_for_login(client: httpx2.Client, cookie: dict[str, str], user_id: str) -> None:
    """The product is its own first source: the sign-in is found in the log."""
    for _ in range(100):
        page = client.get(f"/users/{user_id}/activity?action=LOGIN", headers=cookie).json()
        if page["items"]:
            break
    [event] = page["items"]
    assert (event["user_email"], event["ip_address"]) == (ADA, "127.0.0.1")


def test_setup_link_prints_a_new_one(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAILKEEPER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TRAILKEEPER_PUBLIC_URL", "https://audit.example.com")
    nobody = cli("setup-link")
    assert (nobody.code, "WHICH_ORGANIZATION" in nobody.err) == (2, True)
    cli("org", "create", "Acme")
    made = cli("setup-link")
    assert re.fullmatch(r"https://audit\.example\.com/setup#[A-Za-z0-9_-]{43}\n", made.out)
    assert cli("setup-link", "--org", "acme", "--json").json["organization"] == "acme"
    cli("org", "create", "Other")
    assert cli("setup-link").code == 2
    assert cli("setup-link", "--org", "third").code == 4


async def test_the_demo_has_a_ready_sign_in_for_each_role(service: Service) -> None:
    services = service.services
    await ensure_first_organization(services, demo=True)
    sign_ins = await ensure_demo_people(services)
    assert await ensure_demo_people(services) == sign_ins
    assert [each.role for each in sign_ins] == list(Role)
    assert len({each.password for each in sign_ins}) == len(Role)
    in_the_story = {each.email: each.id for each in people()}
    async with service.client("") as client:
        for each in sign_ins:
            body = {"email": each.email, "password": each.password}
            answer = await client.post("/sign-in", json=body, headers={"Authorization": ""})
            me = answer.json()["me"]
            assert (me["role"], me["user_id"]) == (each.role, in_the_story[each.email])
            assert me["organization"]["id"] == "acme-ai"


async def test_the_demo_makes_nobody_in_an_organization_of_ones_own(service: Service) -> None:
    await ensure_first_organization(service.services, demo=False)
    assert await ensure_demo_people(service.services) == []


async def test_the_terminal_says_that_it_is_a_demo(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    await ensure_first_organization(service.services, demo=True)
    sign_ins = await ensure_demo_people(service.services)
    settings = for_demo(service.services.settings)
    assert settings.is_demo
    announce(settings, "http://127.0.0.1:8080", Beginning(None, sign_ins, None))
    out = capsys.readouterr().out
    assert "DEMO" in out
    for each in sign_ins:
        assert f"{each.role:<12} {each.email}" in out
        assert each.password in out
    announce(Settings(data=Path("x")), "http://127.0.0.1:8080", Beginning(None, [], None))
    assert "DEMO" not in capsys.readouterr().out
