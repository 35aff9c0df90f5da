"""What the console answers: which requests, with which headers, and never a file beyond its own."""

from __future__ import annotations

import gzip
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from trailkeeper.console.dist import CONTENT_TYPES, Dist, read_dist
from trailkeeper.console.serving import Answer, Console

NAVIGATION = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
SCRIPT = "export const answer = 42;\n" * 50
API_ROOTS = {"users", "audit-logs", "sign-in", "live"}


@pytest.fixture
def dist(tmp_path: Path) -> Dist:
    """A small built console."""
    files = {
        "index.html": '<meta content="__CSP_NONCE__"><script nonce="__CSP_NONCE__"></script>',
        "assets/main-abc.js": SCRIPT,
        "assets/main-abc.js.br": "as if by brotli",
        "assets/plain-abc.css": "a{}",
        "embed/activity.js": "1",
        "favicon.svg": "<svg/>",
        ".sources": "a stamp",
    }
    folder = tmp_path / "dist"
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "assets/main-abc.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (tmp_path / "secret.txt").write_text("beyond")
    found = read_dist(folder)
    assert found is not None
    return found


def ask(
    dist: Dist | None, path: str, accept: str = NAVIGATION, method: str = "GET", **given: str
) -> Answer | None:
    headers = {"accept": accept, **{name.replace("_", "-"): text for name, text in given.items()}}
    scope = {
        "method": method,
        "path": path,
        "headers": [(name.encode(), text.encode()) for name, text in headers.items()],
    }
    return Console(dist, API_ROOTS).find(scope, lambda: "n0nce")


def answered(*arguments: Any, **options: Any) -> tuple[Answer, dict[str, str]]:
    answer = ask(*arguments, **options)
    assert answer is not None
    return answer, {name.lower(): value for name, value in answer.headers}


@pytest.mark.parametrize(
    "path", ["/", "/login", "/users", "/users/alice/activity", "/live", "/sign-in", "/users/a%2Fb"]
)
def test_who_navigates_to_a_page_gets_it_with_the_nonce(dist: Dist, path: str) -> None:
    answer, headers = answered(dist, path)
    assert answer.status == HTTPStatus.OK
    assert answer.body == b'<meta content="n0nce"><script nonce="n0nce"></script>'
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-cache"
    assert headers["vary"] == "Accept"
    assert "etag" not in headers


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/json",
        "text/event-stream",
        "application/json, text/html;q=0.5",
        "text/html;q=0, application/json;q=0",
        "text/html;q=none",
    ],
)
def test_whoever_does_not_ask_for_a_page_gets_the_api(dist: Dist, accept: str) -> None:
    for path in ("/", "/users", "/live", "/no-such-page"):
        assert ask(dist, path, accept) is None


@pytest.mark.parametrize("accept", ["text/html", "TEXT/html", "text/html;level=1", NAVIGATION])
def test_ways_to_ask_for_a_page(dist: Dist, accept: str) -> None:
    assert ask(dist, "/users", accept) is not None


@pytest.mark.parametrize("path", ["/audit-logs", "/audit-logs/export", "/sign-in/oidc/callback"])
def test_what_is_only_the_api_s_is_no_page(dist: Dist, path: str) -> None:
    assert ask(dist, path) is None


@pytest.mark.parametrize(
    "path", ["/no-such-page", "//", "//users", "/..", "/robots.txt", "/embed/x"]
)
def test_what_is_nowhere_is_the_console_s_page_of_it(dist: Dist, path: str) -> None:
    answer, headers = answered(dist, path)
    assert answer.status == HTTPStatus.NOT_FOUND
    assert b"n0nce" in answer.body
    assert headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_what_changes_something_is_the_api_s(dist: Dist, method: str) -> None:
    assert ask(dist, "/users", method=method) is None
    assert ask(dist, "/assets/main-abc.js", method=method) is None


def test_hashed_files_are_kept_for_ever(dist: Dist) -> None:
    answer, headers = answered(dist, "/assets/main-abc.js", "*/*")
    assert answer.body.decode() == SCRIPT
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in headers


def test_other_files_are_asked_for_each_time(dist: Dist) -> None:
    _, headers = answered(dist, "/favicon.svg", "image/*")
    assert headers["cache-control"] == "no-cache"
    assert headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", ""),
        ("gzip;q=0", ""),
        ("gzip;q=much", ""),
        ("", ""),
    ],
)
def test_codings(dist: Dist, accepted: str, coding: str) -> None:
    answer, headers = answered(dist, "/assets/main-abc.js", "*/*", accept_encoding=accepted)
    assert headers.get("content-encoding", "") == coding
    text = {"br": b"as if by brotli", "": SCRIPT.encode()}
    if coding == "gzip":
        assert gzip.decompress(answer.body) == SCRIPT.encode()
    else:
        assert answer.body == text[coding]


def test_a_file_that_is_known_is_not_sent_again(dist: Dist) -> None:
    path = "/assets/main-abc.js"
    _, plain = answered(dist, path, "*/*")
    _, coded = answered(dist, path, "*/*", accept_encoding="br")
    assert plain["etag"] != coded["etag"]
    for known in (plain["etag"], f"W/{plain['etag']}", f'"other", {plain["etag"]}', "*"):
        answer, headers = answered(dist, path, "*/*", if_none_match=known)
        assert (answer.status, answer.body) == (HTTPStatus.NOT_MODIFIED, b"")
        assert headers["etag"] == plain["etag"]
    answer, _ = answered(dist, path, "*/*", if_none_match=coded["etag"])
    assert answer.status == HTTPStatus.OK


def test_scripts_for_other_sites_may_be_loaded_by_them(dist: Dist) -> None:
    _, headers = answered(dist, "/embed/activity.js", "*/*")
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["cache-control"] == "no-cache"
    _, headers = answered(dist, "/assets/main-abc.js", "*/*")
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("accept", ["*/*", NAVIGATION])
@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone-def.js",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets//main-abc.js",
        "/assets/main-abc.js/",
        "/assets/main-abc.js.br",
        "/assets/\x00",
        "/assets",
    ],
)
def test_assets_that_are_not_there_are_no_page(dist: Dist, path: str, accept: str) -> None:
    assert ask(dist, path, accept) is None


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/.sources", "/index.html", "/%2e%2e/secret.txt"]
)
def test_nothing_else_is_handed_out(dist: Dist, path: str) -> None:
    assert ask(dist, path, "*/*") is None


async def test_head_has_the_headers_alone(dist: Dist) -> None:
    for path in ("/users", "/assets/main-abc.js"):
        whole, head = await sent(dist, path, "GET"), await sent(dist, path, "HEAD")
        assert head[0] == whole[0]
        assert (len(whole[1]["body"]) > 0, head[1]["body"]) == (True, b"")
        assert dict(whole[0]["headers"])[b"content-length"] == str(len(whole[1]["body"])).encode()


async def sent(dist: Dist, path: str, method: str) -> list[Any]:
    answer = ask(dist, path, method=method)
    assert answer is not None
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    await answer({}, None, send)
    return messages


def test_without_a_built_console_its_pages_say_how_to_build_it(tmp_path: Path) -> None:
    assert read_dist(tmp_path / "none") is None
    answer, headers = answered(None, "/")
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "make run" in answer.body.decode()
    assert headers["content-type"].startswith("text/html")
    assert ask(None, "/", "*/*") is None
    assert ask(None, "/no-such-page") is None
    assert ask(None, "/assets/main-abc.js") is None


def test_every_kind_of_file_of_the_real_console_is_known() -> None:
    """Reading it fails where one is not."""
    real = read_dist()
    assert real is not None, "run `make console`"
    assert len(real.index) > 2, "the nonce belongs into the page's head and its scripts"
    assert set(CONTENT_TYPES.values()) >= {each.content_type for each in real.files.values()}
    scripts = [path for path in real.files if path.startswith("/assets/") and path.endswith(".js")]
    assert scripts
    for path in scripts:
        file = real.files[path]
        if len(file.plain) > 10_000:
            assert len(file.coded["br"]) < len(file.coded["gzip"]) < len(file.plain), path
