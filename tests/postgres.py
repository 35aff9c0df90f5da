"""A private PostgreSQL for tests and benchmarks: made, started, used, thrown away.

It needs PostgreSQL's server binaries (Debian: `postgresql-15`), in PATH or where Debian puts
them, and fails where there are none. As root, it runs the server as another user, since
PostgreSQL refuses root.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

USER = "trailkeeper"
START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 30

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""For tests, whose data may be lost. Nobody measures a database with these."""


@dataclass(frozen=True)
class Postgres:
    """A running server on 127.0.0.1, with one superuser and its password."""

    binaries: Path
    data: Path
    port: int
    password: str = field(repr=False)
    pid: int

    def url(self, database: str = "postgres") -> str:
        """A SQLAlchemy URL for asyncpg."""
        return self._address("postgresql+asyncpg", database)

    def dsn(self, database: str = "postgres") -> str:
        """A URL as PostgreSQL's own programs take it."""
        return self._address("postgresql", database)

    def create_database(self, name: str, template: str = "template1") -> None:
        """Creates a database: empty, or a copy of one that nobody is connected to."""
        self.run("createdb", f"--template={template}", name)

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The URL of a database of its own, dropped at the end even if it is in use."""
        name = f"test_{secrets.token_hex(6)}"
        self.create_database(name, template)
        try:
            yield self.url(name)
        finally:
            self.run("dropdb", "--force", name)

    def run(self, program: str, *arguments: str) -> str:
        """Runs one of PostgreSQL's own programs on this server; returns what it printed."""
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": USER,
            "PGPASSWORD": self.password,
        }
        done = subprocess.run(
            [self.binaries / program, *arguments],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def _address(self, scheme: str, database: str) -> str:
        return f"{scheme}://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"


@contextmanager
def running_postgres(
    *,
    durable: bool = False,
    settings: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[Postgres]:
    """Starts a new, empty cluster, and stops and deletes it at the end.

    `durable` leaves PostgreSQL's own settings for durability, `settings` sets others.
    `folder` must exist (default: the system's for temporary files). MUST be called by a
    thread that lives as long as the server, which stops when that thread dies.
    """
    binaries = find_binaries()
    home = Path(tempfile.mkdtemp(prefix="tk-postgres-", dir=folder))
    password = secrets.token_hex(16)
    try:
        _initialise(binaries, home, password)
        port = free_port()
        chosen = {**({} if durable else FAST), **(settings or {})}
        process = _start(binaries, home, port, chosen)
        server = Postgres(binaries, home / "data", port, password, process.pid)
        try:
            _wait_until_ready(server, process, home / "log")
            yield server
        finally:
            _stop(process)
    finally:
        shutil.rmtree(home)


def find_binaries() -> Path:
    """The folder with PostgreSQL's server binaries, of the newest version there is."""
    in_path = shutil.which("initdb")
    if in_path is not None:
        return Path(in_path).resolve().parent
    versions = [
        path.parent
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
        if path.parent.parent.name.isdigit()
    ]
    if not versions:
        raise RuntimeError("PostgreSQL's server is not installed: apt-get install postgresql-15")
    return max(versions, key=lambda path: int(path.parent.name))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _initialise(binaries: Path, home: Path, password: str) -> None:
    password_file = home / "password"
    password_file.write_text(password)
    account = _account()
    if account is not None:
        for path in (home, password_file):
            os.chown(path, account.pw_uid, account.pw_gid)
    initdb = [
        f"{binaries / 'initdb'}",
        f"--pgdata={home / 'data'}",
        f"--username={USER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    subprocess.run([*_as_account(), *initdb], check=True, capture_output=True, cwd=home)


def _start(
    binaries: Path, home: Path, port: int, settings: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    options = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(home),
        **settings,
    }
    command = [f"{binaries / 'postgres'}", "-D", f"{home / 'data'}"]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    with (home / "log").open("wb") as log:
        return subprocess.Popen([*_as_account(), *command], stdout=log, stderr=log, cwd=home)


def _as_account() -> list[str]:
    # The signal (fast shutdown) also comes when a test run is killed: no server is left over.
    prefix = ["setpriv", "--pdeathsig", "INT"]
    account = _account()
    if account is None:
        return prefix
    return [
        *prefix,
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
    ]


def _account() -> pwd.struct_passwd | None:
    """Whom to run as where we are root."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]


def _wait_until_ready(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    ready = [
        f"{server.binaries / 'pg_isready'}",
        "--quiet",
        "--host=127.0.0.1",
        f"--port={server.port}",
    ]
    while subprocess.run(ready, check=False).returncode != 0:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
