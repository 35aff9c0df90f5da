"""Security headers on every answer of the whole application."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest
from litestar import Litestar, Request, Response, get
from litestar.datastructures import State

from tests.engine import Service
from trailkeeper.app import Application
from trailkeeper.headers import nonce_of
from trailkeeper.settings import Settings

FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


@get("/page", opt={"public": True}, media_type="text/html")
async def page(request: Request[None, None, State]) -> Response[str]:
    nonce = nonce_of(request.scope)
    return Response(f'<script nonce="{nonce}">1</script>', media_type="text/html")


def client_of(app: Litestar, base_url: str = "http://test") -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app)  # type: ignore[arg-type]
    return httpx2.AsyncClient(transport=transport, base_url=base_url)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/metrics", 200),
        ("GET", "/me", 401),
        ("GET", "/no-such-page", 404),
        ("DELETE", "/healthz", 405),
        ("POST", "/sign-in", 415),
        ("OPTIONS", "/sign-in", 204),
    ],
)
async def test_every_answer_has_them(service: Service, method: str, path: str, status: int) -> None:
    async with client_of(service.app) as client:
        answer = await client.request(method, path)
    assert answer.status_code == status
    for name, value in FIXED.items():
        assert answer.headers.get_list(name) == [value], name
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "strict-transport-security" not in answer.headers


async def test_what_was_asked_by_somebody_is_not_stored(service: Service) -> None:
    _, token = await service.new_organization()
    async with service.client(token) as client:
        answer = await client.get("/me")
        public = await client.get("/healthz")
    assert answer.headers["cache-control"] == "no-store"
    assert "cache-control" not in public.headers


@pytest.mark.parametrize(
    ("public_url", "base_url"),
    [("https://audit.example.com", "http://test"), ("http://127.0.0.1:8080", "https://test")],
)
async def test_over_tls_browsers_are_told_to_stay_there(public_url: str, base_url: str) -> None:
    async with client_of(app_with_page(public_url), base_url) as client:
        answer = await client.get("/page")
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


async def test_a_page_runs_scripts_with_its_nonce_alone() -> None:
    async with client_of(app_with_page("http://127.0.0.1:8080")) as client:
        first, second = await client.get("/page"), await client.get("/page")
    policies = [each.headers["content-security-policy"] for each in (first, second)]
    nonces = [re.findall(r"script-src 'nonce-([^']+)'", policy)[0] for policy in policies]
    assert nonces[0] != nonces[1]
    assert f'nonce="{nonces[0]}"' in first.text
    for policy in policies:
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "*" not in policy


def app_with_page(public_url: str) -> Litestar:
    settings = Settings(data=Path("unused"), public_url=public_url)
    return Application([page], state=State({"settings": settings}), logging_config=None)
