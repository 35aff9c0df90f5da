"""Ids that sort by time: UUIDs of RFC 9562."""

from __future__ import annotations

import secrets
import time


def new_event_id() -> str:
    """A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random."""
    return uuid_text(time.time_ns() // 1_000_000, secrets.token_bytes(10), version="7")


def uuid_text(milliseconds: int, tail: bytes, version: str) -> str:
    """A UUID of a Unix time (48 bits) and 10 more bytes, of version "7" or "8"."""
    head = f"{milliseconds:012x}"
    rest = tail.hex()
    variant = "89ab"[tail[2] & 3]
    return f"{head[:8]}-{head[8:]}-{version}{rest[1:4]}-{variant}{rest[5:8]}-{rest[8:20]}"
