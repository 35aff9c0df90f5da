"""The console's own routes and the list of paths by which the service knows its pages."""

from __future__ import annotations

import re
from pathlib import Path

from trailkeeper.access.leaks import KEYS_PAGE
from trailkeeper.access.people.invitations import PAGE as INVITATION_PAGE
from trailkeeper.access.signin.factor_mail import SECURITY_PAGE
from trailkeeper.access.signin.reset import RESET_PAGE
from trailkeeper.access.signin.sessions import SESSIONS_PAGE
from trailkeeper.access.signin.setup import SETUP_PAGE
from trailkeeper.app import ROUTES
from trailkeeper.console.page_paths import PAGE_ROOTS, SINGLE_PAGES, Kind, first_segment, kind_of

SOURCES = Path(__file__).resolve().parents[2] / "web" / "src"
ROUTE = re.compile(r"createRoute\(\{(.*?)\}\)", re.DOTALL)
PATH = re.compile(r"""\bpath:\s*["'](/[^"']*)["']""")
MAILED = (
    INVITATION_PAGE,
    KEYS_PAGE,
    RESET_PAGE,
    SECURITY_PAGE,
    SESSIONS_PAGE,
    SETUP_PAGE,
)


def console_paths() -> set[str]:
    files = [*SOURCES.rglob("*.ts"), *SOURCES.rglob("*.tsx")]
    return {
        path
        for file in files
        for body in ROUTE.findall(file.read_text(encoding="utf-8"))
        for path in PATH.findall(body)
    }


def test_the_service_knows_every_page_of_the_console_and_no_other() -> None:
    paths = console_paths()
    assert len(paths) > 15
    assert {first_segment(path) for path in paths - SINGLE_PAGES} == PAGE_ROOTS
    assert paths >= SINGLE_PAGES


def test_links_in_mails_lead_to_pages() -> None:
    paths = console_paths()
    for link in MAILED:
        assert kind_of(link, ()) is Kind.PAGE, link
        assert first_segment(link) in {first_segment(path) for path in paths}, link


def test_what_programs_are_told_to_call_stays_theirs() -> None:
    api = {first_segment(each) for route in ROUTES for each in route.paths}
    for path in ("/audit-logs/export", "/healthz", "/metrics", "/openapi.json", "/sign-in/oidc"):
        assert kind_of(path, api) is Kind.API, path
