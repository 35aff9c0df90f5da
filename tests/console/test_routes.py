"""The paths by which the service knows its pages: links in mails lead there, programs do not."""

from __future__ import annotations

import pytest

from trailkeeper.access.leaks import KEYS_PAGE
from trailkeeper.access.people.invitations import PAGE as INVITATION_PAGE
from trailkeeper.access.signin.factor_mail import SECURITY_PAGE
from trailkeeper.access.signin.reset import RESET_PAGE
from trailkeeper.access.signin.sessions import SESSIONS_PAGE
from trailkeeper.access.signin.setup import SETUP_PAGE
from trailkeeper.app import ROUTES
from trailkeeper.console.page_paths import Kind, first_segment, kind_of

API_ROOTS = {first_segment(path) for route in ROUTES for path in route.paths}
MAILED = (INVITATION_PAGE, KEYS_PAGE, RESET_PAGE, SECURITY_PAGE, SESSIONS_PAGE, SETUP_PAGE)


@pytest.mark.parametrize("link", MAILED)
def test_links_in_mails_lead_to_pages(link: str) -> None:
    assert kind_of(link, API_ROOTS) is Kind.PAGE


@pytest.mark.parametrize(
    "path",
    ["/audit-logs/export", "/healthz", "/metrics", "/openapi.json", "/me", "/sign-in/oidc"],
)
def test_what_programs_are_told_to_call_stays_theirs(path: str) -> None:
    assert kind_of(path, API_ROOTS) is Kind.API
