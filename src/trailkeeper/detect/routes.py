"""All routes of this room."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from trailkeeper.detect.routes_detections import DETECTION_ROUTES
from trailkeeper.detect.routes_rehearsals import REHEARSAL_ROUTES
from trailkeeper.detect.routes_rules import RULE_ROUTES
from trailkeeper.detect.routes_suppressions import SUPPRESSION_ROUTES

ROUTES: list[HTTPRouteHandler] = [
    *RULE_ROUTES,
    *REHEARSAL_ROUTES,
    *DETECTION_ROUTES,
    *SUPPRESSION_ROUTES,
]
