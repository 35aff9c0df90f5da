"""Looking at processes: their memory, their time, and that they may be gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.processes import (
    IDLE_SHARE,
    cpu_seconds,
    is_quiet,
    memory_bytes,
    memory_growth,
    resident_bytes,
    spawn,
    stop,
    tree,
    wait_until,
)

MIB = 1024**2
GONE = 2**22 + 1
"""Above the largest pid that Linux gives."""


def test_a_tree_holds_the_children() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in tree(os.getpid())
        child.communicate(b"\n")
    assert child.pid not in tree(os.getpid())


def test_a_process_that_is_gone_weighs_nothing() -> None:
    assert memory_bytes([GONE]) == resident_bytes(GONE) == cpu_seconds([GONE]) == 0


def test_growth_is_seen_while_it_lasts() -> None:
    ready = (
        "import sys; kept = b'x' * (64 << 20); sys.stdout.write('1'); sys.stdout.flush(); input()"
    )
    waiting = f"input(); {ready}"
    command = [sys.executable, "-c", waiting]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        with memory_growth(child.pid) as growth:
            child.stdin.write(b"\n")
            child.stdin.flush()
            assert child.stdout.read(1) == b"1"
            deadline = time.monotonic() + 30
            while growth.bytes < 60 * MIB and time.monotonic() < deadline:
                time.sleep(0.01)
        child.communicate(b"\n")
    assert 60 * MIB < growth.bytes < 100 * MIB


def test_a_server_that_ends_while_starting_is_an_error(tmp_path: Path) -> None:
    process = spawn([sys.executable, "-c", "exit(3)"], tmp_path / "log", tmp_path)
    with pytest.raises(RuntimeError, match="ended with 3"):
        wait_until(lambda: False, 30, "it", process)


def test_a_server_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"
    command = [sys.executable, "-c", f"{deaf}; time.sleep(60)"]
    process = spawn(command, tmp_path / "log", tmp_path)
    wait_until(lambda: bool((tmp_path / "log").read_text()), 30, "it", process)
    stop(process, signal.SIGTERM, seconds=0.1)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("samples", "is_idle"),
    [
        ([(0.0, 1.0)], False),
        ([(0.0, 1.0), (9.0, 1.0)], False),
        ([(0.0, 1.0), (10.0, 1.0)], True),
        ([(0.0, 1.0), (10.0, 1.0 + 10 * IDLE_SHARE)], False),
        ([(0.0, 1.0), (5.0, 9.0), (10.0, 9.1), (15.0, 9.2)], True),
        ([(0.0, 1.0), (5.0, 1.1), (10.0, 9.1), (15.0, 9.2)], False),
    ],
)
def test_idle_is_what_used_little_over_the_last_seconds(
    samples: list[tuple[float, float]], is_idle: bool
) -> None:
    assert is_quiet(samples, seconds=10) is is_idle
