"""Server processes: start, wait, stop, and what they weigh."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

POLL_SECONDS = 0.01
SAMPLE_SECONDS = 0.1
IDLE_SHARE = 0.12
"""Of a core: a server without requests takes 3 to 7 %, a merge the whole of one."""
IDLE_POLL_SECONDS = 3.0
IDLE_LIMIT_SECONDS = 120.0
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def spawn(
    command: list[str], log: Path, cwd: Path, environ: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Starts a server of ours, which ends when we do; its outputs are appended to `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "INT", "--", *command],
            cwd=cwd,
            env=None if environ is None else dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def stop(process: subprocess.Popen[bytes], signal_number: int, seconds: float) -> None:
    """Asks it to end, and kills it when it has not after `seconds`."""
    if process.poll() is not None:
        return
    process.send_signal(signal_number)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(
    is_ready: Callable[[], bool],
    seconds: float,
    what: str,
    process: subprocess.Popen[bytes],
) -> None:
    """Raises TimeoutError after `seconds`, RuntimeError when the process has ended."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if process.poll() is not None:
            raise RuntimeError(f"{what} ended with {process.returncode} while starting")
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} was not ready after {seconds} s")
        time.sleep(POLL_SECONDS)


def tree(root: int) -> list[int]:
    """The process and its descendants."""
    found = [root]
    for pid in found:
        # A process may end while it is looked at.
        with contextlib.suppress(OSError):
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found.extend(int(child) for child in children.read_text().split())
    return found


def memory_bytes(roots: list[int]) -> int:
    """Resident memory of the trees, shared pages counted once (PSS)."""
    total = 0
    for root in roots:
        for pid in tree(root):
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total += int(line.split()[1]) * 1024
    return total


def cpu_seconds(roots: list[int]) -> float:
    ticks = 0
    for root in roots:
        for pid in tree(root):
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_SECOND


def wait_until_idle(
    roots: list[int], quiet_seconds: float, limit_seconds: float = IDLE_LIMIT_SECONDS
) -> bool:
    """Whether the trees were idle for `quiet_seconds` on end before the limit was over."""
    deadline = time.monotonic() + limit_seconds
    samples = [(time.monotonic(), cpu_seconds(roots))]
    while not is_quiet(samples, quiet_seconds):
        if time.monotonic() > deadline:
            return False
        time.sleep(IDLE_POLL_SECONDS)
        samples.append((time.monotonic(), cpu_seconds(roots)))
    return True


def is_quiet(samples: Sequence[tuple[float, float]], seconds: float) -> bool:
    """Whether the last `seconds` of the samples (moment, CPU seconds so far) were idle ones."""
    end, used = samples[-1]
    before = [sample for sample in samples if sample[0] <= end - seconds]
    if not before:
        return False
    start, used_before = before[-1]
    return used - used_before < IDLE_SHARE * (end - start)


def resident_bytes(root: int) -> int:
    """Resident memory of one tree (RSS): cheap enough to sample while it works."""
    pages = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * PAGE_BYTES


class Growth:
    """`bytes`: how far memory rose above where it was at the start."""

    bytes = 0


@contextlib.contextmanager
def memory_growth(root: int) -> Iterator[Growth]:
    """Samples the tree's resident memory while the block runs."""
    growth = Growth()
    start = resident_bytes(root)
    done = threading.Event()

    def sample() -> None:
        while not done.wait(SAMPLE_SECONDS):
            growth.bytes = max(growth.bytes, resident_bytes(root) - start)

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield growth
    finally:
        done.set()
        sampler.join()
