"""The wire of who looked."""

from __future__ import annotations

from datetime import datetime

import msgspec

from trailkeeper.search.viewers import Viewer


class ViewerView(msgspec.Struct, frozen=True, kw_only=True):
    """One reader: a person's user id, or `api-key:<id>`. `looks` is the sum of the others."""

    user_id: str
    user_email: str | None
    is_self: bool
    looks: int
    searches: int
    views: int
    exports: int
    first_at: datetime
    last_at: datetime


class ViewerList(msgspec.Struct, frozen=True, kw_only=True):
    """Who looked from `start` on, the latest first. `end` is null: up to now."""

    items: list[ViewerView]
    start: datetime | None
    end: datetime | None


def to_viewer_view(viewer: Viewer, user_id: str) -> ViewerView:
    return ViewerView(
        user_id=viewer.user_id,
        user_email=viewer.user_email or None,
        is_self=viewer.user_id == user_id,
        looks=viewer.looks,
        searches=viewer.searches,
        views=viewer.views,
        exports=viewer.exports,
        first_at=viewer.first_at,
        last_at=viewer.last_at,
    )
