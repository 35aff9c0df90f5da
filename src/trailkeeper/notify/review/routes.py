"""HTTP of the weekly review: read it now, choose it, end it."""

from __future__ import annotations

import msgspec
from litestar import get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access.guard import requires, signed_in
from trailkeeper.access.operation import answering
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.access.trail import record
from trailkeeper.errors import BadRequest, StorageFull, TooLarge
from trailkeeper.notify.requesting import NotifyRequest, asker_of
from trailkeeper.notify.review.facts import Review
from trailkeeper.notify.review.weekly import WEEK, WeeklyReviews, choose, is_reader
from trailkeeper.principal import Permission
from trailkeeper.problem import errors


class ReviewChoice(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whether you get the weekly review by e-mail."""

    is_chosen: bool


CHOICE = {"is_chosen": True}
REVIEW = {
    "start": "2025-01-06T00:00:00Z",
    "end": "2025-01-13T00:00:00Z",
    "detections": [{"severity": "high", "opened": 2, "still_open": 1}],
    "failed_sign_ins": {"query": "action:LOGIN_FAILED", "count": 41, "before": 12},
    "role_changes": {
        "query": "action:UPDATE resource_type:USER details.changed_fields:role",
        "count": 1,
        "before": 0,
    },
    "deletions": {"query": "action:DELETE", "count": 7, "before": 9},
    "first_sign_ins": {
        "count": 1,
        "named": [{"user_id": "user-7", "email": "eve@company.com", "at": "2025-01-07T08:30:00Z"}],
    },
    "silent": {
        "count": 1,
        "named": [{"user_id": "user-3", "email": "bob@company.com", "at": None}],
    },
    "silent_rules": ["Bulk deletions"],
    "health": {
        "retention_last_run_at": "2025-01-12T23:00:00Z",
        "retention_is_overdue": False,
    },
}


@get(
    "/weekly-review",
    guards=[requires(Permission.USER_VIEW), requires(Permission.DETECTION_VIEW)],
    operation_class=answering(REVIEW),
    responses=errors(*DENIED),
    summary="Review the last seven days",
    tags=["Notify"],
)
async def get_review(request: NotifyRequest) -> Review:
    """What the weekly mail says, of the seven days up to now."""
    reviews: WeeklyReviews = request.app.state["reviews"]
    now = now_of(request)
    health = await reviews.health_of()
    return await reviews.reviewer.review(request.user.tenant, now - WEEK, now, health)


@get(
    "/me/weekly-review",
    guards=[signed_in()],
    operation_class=answering(CHOICE),
    responses=errors(*DENIED),
    summary="Do you get the weekly review",
    tags=["Notify"],
)
async def get_choice(request: NotifyRequest) -> ReviewChoice:
    """Whether it is mailed to you on Monday mornings."""
    async with metadata_of(request).reading() as session:
        is_chosen = await is_reader(session, request.user.tenant, request.user.user_id)
    return ReviewChoice(is_chosen=is_chosen)


@put(
    "/me/weekly-review",
    guards=[signed_in()],
    operation_class=answering(CHOICE),
    responses=errors(BadRequest, TooLarge, *DENIED, StorageFull),
    summary="Choose the weekly review, or end it",
    tags=["Notify"],
)
async def put_choice(request: NotifyRequest, data: JSONBody[ReviewChoice]) -> ReviewChoice:
    """It goes to your account's address, as long as you may see users and detections."""
    user, now = request.user, now_of(request)
    async with metadata_of(request).transaction() as session:
        is_changed = await choose(session, user.tenant, user.user_id, now, is_chosen=data.is_chosen)
        if is_changed:
            await record(
                session,
                user.tenant,
                asker_of(request),
                "UPDATE",
                now=now,
                resource_type="USER",
                resource_id=user.user_id,
                changes={"weekly_review": (not data.is_chosen, data.is_chosen)},
            )
    return ReviewChoice(is_chosen=data.is_chosen)


REVIEW_ROUTES: list[HTTPRouteHandler] = [get_review, get_choice, put_choice]
