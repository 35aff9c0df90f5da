"""HTTP of people: the directory, users, roles, invitations."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from trailkeeper.access.people.directory_routes import ROUTES as DIRECTORY_ROUTES
from trailkeeper.access.people.invitation_routes import ROUTES as INVITATION_ROUTES
from trailkeeper.access.people.role_routes import ROUTES as ROLE_ROUTES
from trailkeeper.access.people.user_routes import ROUTES as USER_ROUTES

ROUTES: list[HTTPRouteHandler] = [
    *DIRECTORY_ROUTES,
    *USER_ROUTES,
    *INVITATION_ROUTES,
    *ROLE_ROUTES,
]
