"""What the tests of client and command line need of a running server."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Protocol


class Server(Protocol):
    """The suite's `live_server`: a real server process, and a key that may do everything."""

    url: str
    api_key: str
    data: Path


def unique(word: str) -> str:
    """A name that no other test uses: all tests share one log."""
    return f"{word}-{uuid.uuid4().hex[:12]}"
