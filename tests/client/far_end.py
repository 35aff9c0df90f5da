"""A scripted HTTP server in the place of a busy, broken or foreign one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """What to say; with `hang_up`, the connection ends without a word."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class FarEnd:
    """Gives its answers in turn, the last one for ever, and keeps what it was asked."""

    url: str
    answers: list[Answer]
    asked: list[Asked]


@contextmanager
def far_end(*answers: Answer) -> Iterator[FarEnd]:
    script = list(answers)
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            asked.append(Asked(self.command, self.path, dict(self.headers), body))
            answer = script[min(len(asked), len(script)) - 1]
            self.close_connection = True
            if answer.hang_up:
                return
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - named by http.server

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield FarEnd(f"http://127.0.0.1:{server.server_port}", script, asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
