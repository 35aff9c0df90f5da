"""A private PostgreSQL 15 with durable settings, sized for a machine of 24 GB."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from bench.processes import free_port, spawn, stop, wait_until

BINARIES = Path(os.environ.get("POSTGRES_BINARIES", "/usr/lib/postgresql/15/bin"))
DATABASE = "postgres"
OWNER = "postgres"
INITDB_OPTIONS = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", f"--username={OWNER}")
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "lz4",
    "shared_buffers": "2GB",
    "effective_cache_size": "12GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "min_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "200",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_maintenance_workers": "2",
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


class Postgres:
    """One cluster in `folder`; made on first start, kept on later ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """The address for asyncpg; SQLAlchemy's differs in its scheme alone."""
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Raises TimeoutError when the server is not ready after a minute."""
        if not (self._folder / "PG_VERSION").exists():
            self._create()
        self.port = free_port()
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        self._process = spawn(
            [*_as_owner(), *_program("postgres", self._folder), f"--port={self.port}", *settings],
            log=self._log,
            cwd=self._folder,
        )
        probe = [str(BINARIES / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        wait_until(
            lambda: subprocess.run(probe, check=False).returncode == 0,
            seconds=60,
            what="PostgreSQL",
            process=self._process,
        )

    def stop(self) -> None:
        """A fast shutdown: open sessions are ended, and a checkpoint is written."""
        if self._process is not None:
            stop(self._process, signal.SIGINT, seconds=120)
            self._process = None

    def _create(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self._folder, OWNER)
        subprocess.run(
            [*_as_owner(), *_program("initdb", self._folder), *INITDB_OPTIONS],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
        )


def _program(name: str, folder: Path) -> list[str]:
    return [str(BINARIES / name), "-D", str(folder)]


def _as_owner() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    owner = pwd.getpwnam(OWNER)
    return [
        "setpriv",
        "--pdeathsig",
        "INT",
        f"--reuid={owner.pw_uid}",
        f"--regid={owner.pw_gid}",
        "--init-groups",
        "--",
    ]
