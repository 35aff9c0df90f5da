"""Which paths are pages of the console. The console's own routes are in `web/src/pages/`."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum, auto
from typing import Final

PAGE_ROOTS: Final = frozenset(
    {
        "",
        "activity",
        "analytics",
        "events",
        "explorer",
        "forgot",
        "invitation",
        "live",
        "login",
        "notifications",
        "reset",
        "resources",
        "rules",
        "security",
        "settings",
        "setup",
        "users",
    }
)
"""First segments of pages. Below them every path is a page, also one that the API has too
(`/users/alice`): what a browser navigates to is a page, whatever else asks gets the API."""

SINGLE_PAGES: Final = frozenset({"/sign-in"})
"""Pages below whose path is nothing but API. Single sign-on that failed leads here."""

ASSETS: Final = "assets"
"""Files whose name changes with their content: not there means not there, never a page."""


class Kind(Enum):
    """What a browser finds at a path."""

    PAGE = auto()
    API = auto()
    NOTHING = auto()


def kind_of(path: str, api_roots: Collection[str]) -> Kind:
    """`api_roots` are the first segments of the API's routes."""
    root = first_segment(path)
    if (root in PAGE_ROOTS and (root or path == "/")) or path in SINGLE_PAGES:
        return Kind.PAGE
    return Kind.API if root in api_roots or root == ASSETS else Kind.NOTHING


def first_segment(path: str) -> str:
    """`/users/alice` -> `users`; `/` -> the empty text."""
    end = path.find("/", 1)
    return path[1:] if end < 0 else path[1:end]
