"""Pages and API share their paths on the running service: what each kind of client gets."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import httpx2
import pytest

from tests.api.walk import operations_of
from tests.live import LiveServer
from trailkeeper.console.dist import NONCE_PLACE, read_dist
from trailkeeper.console.page_paths import PAGE_ROOTS, SINGLE_PAGES

NAVIGATION = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = sorted({f"/{root}" for root in PAGE_ROOTS} | SINGLE_PAGES)
PARAMETER = re.compile(r"\{\w+\}")
NONCE = re.compile(r"script-src 'nonce-([\w-]+)'")


@pytest.fixture(scope="module")
def client(live_server: LiveServer) -> Iterator[httpx2.Client]:
    """Somebody without a key."""
    with httpx2.Client(base_url=live_server.url, follow_redirects=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def readable(client: httpx2.Client) -> list[str]:
    """A path of each route that can be read."""
    names = operations_of(client.get("/openapi.json").json())
    paths = [name.removeprefix("GET ") for name in names if name.startswith("GET ")]
    assert len(paths) > 30
    return sorted(PARAMETER.sub("some-id", path) for path in paths)


@pytest.mark.parametrize("accept", ["*/*", "application/json", None])
def test_programs_get_the_api_at_every_route(
    client: httpx2.Client, readable: list[str], accept: str | None
) -> None:
    for path in [*readable, "/", "/no-such-route", "/login"]:
        request = client.build_request("GET", path)
        if accept is None:
            del request.headers["accept"]
        else:
            request.headers["accept"] = accept
        answer = client.send(request)
        assert answer.status_code in (200, 401, 404), path
        assert not answer.headers["content-type"].startswith("text/html"), path


@pytest.mark.parametrize("path", [*PAGES, "/resources/MODEL/a%2Fb", "/users/a%20b?range=7d"])
def test_browsers_get_every_page(client: httpx2.Client, path: str) -> None:
    answer = client.get(path, headers=NAVIGATION)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]
    assert '<div id="root">' in answer.text


def test_browsers_get_pages_below_those_of_the_list(
    client: httpx2.Client, readable: list[str]
) -> None:
    """Also where the API has the same path; where the API is alone, its answer."""
    for path in readable:
        answer = client.get(path, headers=NAVIGATION)
        is_page = path.split("/")[1] in PAGE_ROOTS
        assert answer.headers["content-type"].startswith("text/html") is is_page, path


def test_a_page_that_is_not_there_is_told_by_the_console(client: httpx2.Client) -> None:
    answer = client.get("/no-such-page", headers=NAVIGATION)
    assert answer.status_code == 404
    assert '<div id="root">' in answer.text
    plain = client.get("/no-such-page")
    assert (plain.status_code, plain.json()["code"]) == (404, "ROUTE_NOT_FOUND")


def test_each_answer_has_a_nonce_of_its_own(client: httpx2.Client) -> None:
    answers = [client.get("/", headers=NAVIGATION) for _ in range(3)]
    nonces = [NONCE.findall(answer.headers["content-security-policy"])[0] for answer in answers]
    assert len(set(nonces)) == 3
    for answer, nonce in zip(answers, nonces, strict=True):
        assert f'nonce="{nonce}"' in answer.text
        assert NONCE_PLACE.decode() not in answer.text
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_every_script_and_style_of_the_page_is_its_own_and_there(client: httpx2.Client) -> None:
    page = client.get("/", headers=NAVIGATION)
    nonce = NONCE.findall(page.headers["content-security-policy"])[0]
    tags = re.findall(r"<(?:script|link)\b[^>]*>", page.text)
    assert any(tag.startswith("<script") for tag in tags)
    for tag in tags:
        (path,) = re.findall(r'(?:src|href)="([^"]+)"', tag)
        assert path.startswith("/"), tag
        assert client.get(path).status_code == 200, tag
        if tag.startswith("<script"):
            assert f'nonce="{nonce}"' in tag
    assert not re.search(r"<style|\son\w+=|\sstyle=", page.text)


def test_assets_come_compressed_and_are_kept(client: httpx2.Client) -> None:
    dist = read_dist()
    assert dist is not None
    path = next(path for path, file in dist.files.items() if "br" in file.coded)
    answer = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "br"
    assert int(answer.headers["content-length"]) == len(dist.files[path].coded["br"])
    gzipped = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert gzipped.content == dist.files[path].plain
    known = {"If-None-Match": gzipped.headers["etag"]}
    assert client.get(path, headers={**known, "Accept-Encoding": "gzip"}).status_code == 304
    other = client.get(path, headers={**known, "Accept-Encoding": "br"})
    assert other.status_code == 200, "of another coding it is another file"
    head = client.head(path, headers={"Accept-Encoding": "gzip"})
    assert head.headers["content-length"] == gzipped.headers["content-length"]
    assert head.content == b""


@pytest.mark.parametrize("headers", [{}, NAVIGATION])
def test_an_asset_of_another_version_is_a_404(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    answer = client.get("/assets/gone-0000.js", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "ROUTE_NOT_FOUND")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../../../../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/serving.py",
        "/assets/..%2f..%2fserving.py",
        "/..%5c..%5cserving.py",
        "/assets/%00",
    ],
)
def test_no_path_leads_out_of_the_built_files(live_server: LiveServer, path: str) -> None:
    """Written to the socket as it is, for clients tidy paths up."""
    with socket.create_connection(("127.0.0.1", live_server.port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert re.match(rb"HTTP/1\.1 40[04] ", answer), answer[:200]
    assert b"root:" not in answer
    assert b"import annotations" not in answer


def test_an_answer_that_shares_its_path_with_a_page_says_so(client: httpx2.Client) -> None:
    """Else a browser that goes back might show the data, kept, as the page."""
    shared = client.get("/setup")
    assert shared.headers["content-type"] == "application/json"
    assert shared.headers["vary"] == "Accept"
    assert "vary" not in client.get("/healthz").headers


def test_what_changes_something_is_never_a_page(client: httpx2.Client) -> None:
    for path in ("/sign-in", "/setup", "/users", "/"):
        answer = client.post(path, headers=NAVIGATION, json={})
        assert answer.headers["content-type"] == "application/problem+json", path


def test_a_body_that_nobody_reads_ends_the_connection(client: httpx2.Client) -> None:
    answer = client.request("GET", "/", headers=NAVIGATION, content=b"x" * 100)
    assert answer.status_code == 200
    assert answer.headers["connection"] == "close"
