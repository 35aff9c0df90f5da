"""ClickHouse's HTTP protocol in front of the embedded engine, in a process of its own.

No package holds a ClickHouse server, but the embedded engine is one in all but its doors. This
is the door that clickhouse-connect's HTTP driver knocks at, so the server path is tested with
the real engine, the real driver and the real wire:

    POST /?query=…&param_<name>=…&<setting>=…&database=…     body: SQL, an INSERT's data, or
                                                              a form with more of the same

    python -m tests.clickhouse_front <folder> <port>

https://clickhouse.com/docs/interfaces/http. `GET /fault/<name>` is no part of the protocol:
it makes the next insert go wrong in a way that networks and servers have.
"""

from __future__ import annotations

import email
import gzip
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import chdb
import pytest

from tests.live import free_port

START_SECONDS: Final = 60.0
TRANSPORT: Final = frozenset(
    {
        "buffer_size",
        "cancel_http_readonly_queries_on_client_close",
        "client_protocol_version",
        "compress",
        "decompress",
        "default_format",
        "enable_http_compression",
        "http_headers_progress_interval_ms",
        "password",
        "query_id",
        "quota_key",
        "role",
        "send_progress_in_http_headers",
        "session_check",
        "session_id",
        "session_timeout",
        "user",
        "wait_end_of_query",
    }
)
"""What the HTTP interface itself takes; everything else in the URL is a setting."""
INSERT: Final = re.compile(
    rb"\s*INSERT\s+INTO\s+(.+?)\s+FORMAT\s+(\w+)[ \t]*(?:\r?\n|$)", re.DOTALL
)
NO_RESULT: Final = re.compile(
    r"\s*(CREATE|DROP|ALTER|OPTIMIZE|SET|USE|SYSTEM|INSERT|TRUNCATE|RENAME|ATTACH|DETACH)\b", re.I
)
FORMAT: Final = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
ERROR_CODE: Final = re.compile(r"Code: (\d+)\.")


class Session:
    """A connection to the engine with the settings of its last request."""

    def __init__(self, folder: str) -> None:
        self._connection: Any = chdb.connect(folder)  # type: ignore[no-untyped-call]
        self._settings: dict[str, str] = {}
        self._database = "default"

    def query(self, sql: str, settings: dict[str, str], params: dict[str, str]) -> Any:
        database = settings.pop("database", "default")
        if database != self._database:
            self._connection.query(f"USE `{database.replace('`', '')}`")
            self._database = database
        for name in self._settings.keys() - settings.keys():
            self._connection.query(f"SET {_name(name)} = DEFAULT")
        for name, value in settings.items():
            if self._settings.get(name) != value:
                self._connection.query(f"SET {_name(name)} = {_quoted(value)}")
        self._settings = settings
        return self._connection.query(sql, "TabSeparated", params=params or None)

    def close(self) -> None:
        self._connection.close()


class Front(BaseHTTPRequestHandler):
    """One HTTP connection."""

    protocol_version = "HTTP/1.1"
    folder = ""
    faults: Final[list[str]] = []

    def setup(self) -> None:
        super().setup()
        self.session: Session | None = None

    def finish(self) -> None:
        if self.session is not None:
            self.session.close()
        # The other side may have gone before it read its answer.
        with suppress(OSError):
            super().finish()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/fault/"):
            self.faults.append(path.removeprefix("/fault/"))
        self._answer(200, b"Ok.\n")

    def do_POST(self) -> None:
        given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        body = self._body()
        if self.headers.get_content_type() == "multipart/form-data":
            given |= _form(self.headers["Content-Type"], body)
            body = b""
        sql = given.pop("query", "").encode()
        params = {
            name.removeprefix("param_"): given.pop(name)
            for name in list(given)
            if name.startswith("param_")
        }
        settings = {name: value for name, value in given.items() if name not in TRANSPORT}
        insert = INSERT.match(sql) or (INSERT.match(body) if not sql else None)
        fault = self.faults.pop(0) if insert is not None and self.faults else ""
        if fault == "refuse":
            self.close_connection = True
            return
        try:
            if insert is not None:
                data = body if sql else body[insert.end() :]
                if fault == "slow":
                    threading.Thread(
                        target=self._insert_later, args=(insert, data, settings)
                    ).start()
                    time.sleep(0.2)
                    self.close_connection = True
                    return
                result, fmt = self._insert(insert, data, settings), None
            else:
                text = (sql + b"\n" + body if sql and body else sql or body).decode()
                result, fmt = self._query(text, settings, params), _format_of(text)
        except (chdb.ChdbError, RuntimeError) as error:
            self._fail(str(error))
            return
        if fault == "forget":
            self.close_connection = True
            return
        self._answer(200, result, fmt)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def _query(self, sql: str, settings: dict[str, str], params: dict[str, str]) -> bytes:
        if self.session is None:
            self.session = Session(self.folder)
        return bytes(self.session.query(sql, settings, params).bytes() or b"")

    def _insert(self, insert: re.Match[bytes], data: bytes, settings: dict[str, str]) -> bytes:
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            target, fmt = (group.decode() for group in insert.groups())
            sql = f"INSERT INTO {target} FROM INFILE {_quoted(file.name)} FORMAT {fmt}"
            return self._query(sql, settings, {})

    def _insert_later(self, insert: re.Match[bytes], data: bytes, settings: dict[str, str]) -> None:
        """As a server does whose client is gone: the insert goes on, visible as running."""
        session = Session(self.folder)
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            target, fmt = (group.decode() for group in insert.groups())
            # A query that is longer under way than its client is patient.
            session.query(
                f"INSERT INTO {target} SELECT * FROM file({_quoted(file.name)}, {fmt})"
                " WHERE NOT sleepEachRow(2)",
                settings,
                {},
            )
        session.close()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = b"".join(self._chunks())
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        encoding = self.headers.get("Content-Encoding", "")
        if encoding == "gzip":
            return gzip.decompress(body)
        if encoding == "deflate":
            return zlib.decompress(body)
        return body

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _fail(self, message: str) -> None:
        found = ERROR_CODE.search(message)
        code = found.group(1) if found else "1000"
        self._answer(500, message.encode(), headers={"X-ClickHouse-Exception-Code": code})

    def _answer(
        self,
        status: int,
        body: bytes,
        fmt: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        given = {"X-ClickHouse-Format": fmt} if fmt else {}
        for name, value in {**given, **(headers or {}), "X-ClickHouse-Timezone": "UTC"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _form(content_type: str, body: bytes) -> dict[str, str]:
    """The fields of a form (RFC 7578)."""
    message = email.message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    fields = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            fields[name] = value.decode()
    return fields


def _format_of(sql: str) -> str | None:
    """The format of the answer, None for a statement that has none."""
    if NO_RESULT.match(sql):
        return None
    found = FORMAT.search(sql)
    return found.group(1) if found else "TabSeparated"


def _name(name: str) -> str:
    if not re.fullmatch(r"\w+", name):
        raise RuntimeError(f"Code: 115. DB::Exception: Unknown setting '{name}'. (UNKNOWN_SETTING)")
    return name


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


@dataclass(frozen=True)
class ClickHouse:
    """A running front."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def dsn(self) -> str:
        return f"clickhouse://127.0.0.1:{self.port}/default"

    def new_database(self) -> str:
        """The DSN of an empty database of its own."""
        name = f"test_{secrets.token_hex(6)}"
        request = urllib.request.Request(self.url, f"CREATE DATABASE {name}".encode())
        urllib.request.urlopen(request, timeout=10).close()
        return self.dsn.replace("/default", f"/{name}")

    def fail_next_insert(self, how: str) -> None:
        """`refuse`: the connection ends before the insert; `forget`: after it, without an
        answer; `slow`: while it is still under way."""
        urllib.request.urlopen(f"{self.url}/fault/{how}", timeout=10).close()


@contextmanager
def running_clickhouse(folder: Path, port: int | None = None) -> Iterator[ClickHouse]:
    """Starts a front with its store in `folder`, and stops it at the end."""
    port = port or free_port()
    with (folder / "front.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.clickhouse_front", str(folder / "store"), str(port)],
            cwd=Path(__file__).parent.parent,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_ready(port, process, folder / "front.log")
        yield ClickHouse(port)
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=5).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"the ClickHouse front did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouse]:
    """One ClickHouse for the whole run."""
    with running_clickhouse(tmp_path_factory.mktemp("clickhouse")) as running:
        yield running


def main() -> None:
    Front.folder, port = sys.argv[1], int(sys.argv[2])
    # One connection stays open, so that the engine does too.
    keeper = Session(Front.folder)
    server = ThreadingHTTPServer(("127.0.0.1", port), Front)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server.serve_forever()
    keeper.close()


if __name__ == "__main__":
    main()
