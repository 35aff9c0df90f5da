"""Tests share one server: each keeps to names of its own."""

from __future__ import annotations

import uuid


def unique(word: str) -> str:
    """A name that no other test uses."""
    return f"{word}-{uuid.uuid4().hex[:12]}"
