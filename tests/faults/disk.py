"""A small disk of a server's own, which a test can fill and empty.

It is a real file system (tmpfs) with a size of its own, mounted for the server's process
alone: in a mount namespace that ends with the process, so nothing is left over and no other
process can run into it. The test reaches it through `/proc/<pid>/root`. That needs root, or
a kernel that lets users have namespaces. A limit on file size (RLIMIT_FSIZE) would need
neither, but is another fault: EFBIG at one file, with room for the next.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.faults.server import FaultServer

MOUNT: Final = 'mount -t tmpfs -o size="$1" tmpfs "$0" && shift && exec "$@"'
BLOCKS: Final = (b"\0" * 1024**2, b"\0" * 4096)


@dataclass(frozen=True)
class SmallDisk:
    """A server's disk, mounted at `place` as the server sees it."""

    server: FaultServer
    place: Path

    @property
    def free_bytes(self) -> int:
        state = os.statvfs(self._seen_from_here)
        return state.f_bavail * state.f_frsize

    def fill(self, leave_bytes: int = 0) -> None:
        """Leaves no more than that: by default not one block."""
        ballast = os.open(self._ballast, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        try:
            for block in BLOCKS:
                with suppress_full():
                    while self.free_bytes > leave_bytes:
                        os.write(ballast, block)
        finally:
            os.close(ballast)

    def make_room(self) -> None:
        self._ballast.unlink()

    @property
    def _seen_from_here(self) -> Path:
        return Path(f"/proc/{self.server.pid}/root{self.place}")

    @property
    def _ballast(self) -> Path:
        return self._seen_from_here / "ballast"


@contextmanager
def suppress_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def on_small_disk(folder: Path, size: str) -> SmallDisk:
    """A server, not yet started, whose data is on a disk of this size (tmpfs notation)."""
    place = folder / "disk"
    place.mkdir()
    prefix = (*_namespace(), "sh", "-c", MOUNT, str(place), size)
    server = FaultServer(
        folder / "server", {"TRAILKEEPER_DATA": str(place / "data")}, prefix=prefix
    )
    return SmallDisk(server, place)


def _namespace() -> tuple[str, ...]:
    unshare = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "-Urm")
    may_mount = shutil.which("unshare") is not None and (
        subprocess.run(
            [*unshare, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
        ).returncode
        == 0
    )
    if not may_mount:
        pytest.skip("needs root or user namespaces, to mount a small disk")
    return unshare
