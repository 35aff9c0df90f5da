"""The machine and the versions that a result holds for. No names, no paths."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import time
from pathlib import Path

from bench.postgres import BINARIES
from bench.timing import percentile

PACKAGES = {
    "Trailkeeper": ("trailkeeper", "litestar", "granian", "clickhouse-connect", "chdb"),
    "peer": ("fastapi", "uvicorn", "httptools", "pydantic", "sqlalchemy", "asyncpg"),
}
SYNCS = 100
SYNC_BYTES = 4096


def lines(folder: Path) -> list[str]:
    """One fact a line, as Markdown list items."""
    memory_kib = int(_value("/proc/meminfo", "MemTotal").split()[0])
    milliseconds = 1000 * percentile(_sync_seconds(folder), 50)
    versions = [
        f"{side}: " + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
        for side, names in PACKAGES.items()
    ]
    facts = [
        f"{os.cpu_count()} cores, {_value('/proc/cpuinfo', 'model name')}",
        f"{memory_kib / 1024**2:.0f} GB of RAM",
        f"write and fsync of 4 KiB: p50 {milliseconds:.2f} ms; load average before the run:"
        f" {os.getloadavg()[0]:.1f}",
        f"Linux {platform.release()}, Python {platform.python_version()}, {_postgres_version()}",
        *versions,
    ]
    return [f"- {fact}" for fact in facts]


def _value(path: str, name: str) -> str:
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"


def _postgres_version() -> str:
    done = subprocess.run(
        [str(BINARIES / "postgres"), "--version"], capture_output=True, text=True, check=True
    )
    return f"PostgreSQL {done.stdout.split()[2]}"


def _sync_seconds(folder: Path) -> list[float]:
    path = folder / "sync-probe"
    seconds = []
    with path.open("wb", buffering=0) as probe:
        for _ in range(SYNCS):
            started = time.perf_counter()
            probe.write(bytes(SYNC_BYTES))
            os.fsync(probe.fileno())
            seconds.append(time.perf_counter() - started)
    path.unlink()
    return seconds
