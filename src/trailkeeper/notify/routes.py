"""All routes of this room."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from trailkeeper.notify.channel_routes import CHANNEL_ROUTES
from trailkeeper.notify.delivery_routes import DELIVERY_ROUTES
from trailkeeper.notify.inbox_routes import INBOX_ROUTES
from trailkeeper.notify.review.routes import REVIEW_ROUTES
from trailkeeper.notify.setting_routes import SETTING_ROUTES

ROUTES: list[HTTPRouteHandler] = [
    *CHANNEL_ROUTES,
    *SETTING_ROUTES,
    *DELIVERY_ROUTES,
    *INBOX_ROUTES,
    *REVIEW_ROUTES,
]
