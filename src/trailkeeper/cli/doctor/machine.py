"""Checks of this machine: data folder, disk, clock, and whether the console is built."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from trailkeeper.cli.doctor.finding import Finding, fail, ok, warn
from trailkeeper.console.dist import DIST, is_built

GIB: Final = 1024**3
FAIL_FREE_BYTES: Final = GIB // 4
WARN_FREE_BYTES: Final = 5 * GIB
WARN_FREE_SHARE: Final = 0.05

RELEASED: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock can rightly show a time before this version was made."""
WARN_SKEW: Final = timedelta(seconds=5)
FAIL_SKEW: Final = timedelta(minutes=5)


def check_data_folder(data: Path) -> Finding:
    check = "data folder"
    if not data.exists():
        parent = next(each for each in data.parents if each.exists())
        if os.access(parent, os.W_OK | os.X_OK):
            return ok(check, f"{data} will be made at the first start")
        return fail(
            check,
            f"{data} does not exist and cannot be made",
            f"Make it, or give this user write access to {parent}.",
        )
    try:
        # Asking for rights is not enough: a read-only mount only shows when written to.
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as error:
        return fail(
            check,
            f"{data} cannot be written: {error.strerror or error}",
            "Give the service's user write access, or set TRAILKEEPER_DATA to another folder.",
        )
    return ok(check, f"{data} can be written")


def check_disk(data: Path) -> Finding:
    place = next(each for each in (data, *data.parents) if each.exists())
    usage = shutil.disk_usage(place)
    return judge_disk(place, usage.free, usage.total)


def judge_disk(place: Path, free_bytes: int, total_bytes: int) -> Finding:
    detail = f"{free_bytes / GIB:.1f} GiB of {total_bytes / GIB:.1f} GiB are free at {place}"
    todo = "Make room, or shorten retention: `trailkeeper retention run --dry-run`."
    if free_bytes < FAIL_FREE_BYTES:
        return fail("disk space", detail, todo)
    if free_bytes < WARN_FREE_BYTES or free_bytes < total_bytes * WARN_FREE_SHARE:
        return warn("disk space", detail, todo)
    return ok("disk space", detail)


def check_console(dist: Path = DIST) -> Finding:
    """In a source checkout the console's pages have to be built; a wheel brings them."""
    if is_built(dist):
        return ok("console", "its pages are built")
    return warn(
        "console",
        f"its pages are not built: {dist} is missing",
        "`make console` builds them; start the service again afterwards.",
    )


def check_clock(now: datetime, server_time: datetime | None) -> Finding:
    """`server_time` is from the server's Date header, to the second; None where unknown."""
    todo = "Set the clock, e.g. with chrony or systemd-timesyncd: events carry its time."
    if now < RELEASED:
        return fail("clock", f"the clock says {now:%Y-%m-%d}, before this version was made", todo)
    if server_time is None:
        return ok("clock", f"the clock says {now:%Y-%m-%d %H:%M:%S} UTC")
    skew = abs(now - server_time)
    detail = f"this clock and the server's differ by {skew.total_seconds():.0f} s"
    if skew > FAIL_SKEW:
        return fail("clock", detail, todo)
    if skew > WARN_SKEW:
        return warn("clock", detail, todo)
    return ok("clock", detail)
