"""Answers to browsers: the page for what is navigated to, and the files that the page needs.

Whatever is not answered here is the API's. Pages and API share their paths; which one is meant
is said by `Accept`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from trailkeeper.console.dist import Dist, File
from trailkeeper.console.negotiation import header, wants_page, weighted
from trailkeeper.console.page_paths import ASSETS, Kind, kind_of

READING: Final = ("GET", "HEAD")
HTML: Final = "text/html; charset=utf-8"
FOREVER: Final = "public, max-age=31536000, immutable"
ASK_FIRST: Final = "no-cache"
EMBED: Final = "/embed/"
"""Scripts that other sites load into their pages: anybody may."""

FOR_OTHER_SITES: Final = (
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
NOT_BUILT: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Trailkeeper: the console is not built</title>
<h1>The console is not built</h1>
<p>The service runs, and its API answers. Its pages are missing, because this is a source
checkout in which they were not built yet.</p>
<p>Stop the service and start it with <code>make run</code>, which builds them first; or build
them with <code>make console</code> and start the service again.</p>
</html>
"""

Message = dict[str, Any]
Send = Callable[[Any], Any]


@dataclass(frozen=True)
class Answer:
    """A whole answer, and an ASGI application that gives it."""

    status: HTTPStatus
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    is_head: bool = False

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        fields = [(name.lower().encode(), value.encode()) for name, value in self.headers]
        if self.status != HTTPStatus.NOT_MODIFIED:
            fields.append((b"content-length", str(len(self.body)).encode()))
        body = b"" if self.is_head else self.body
        await send({"type": "http.response.start", "status": self.status, "headers": fields})
        await send({"type": "http.response.body", "body": body, "more_body": False})


@dataclass(frozen=True)
class Console:
    """`dist` is None where the console was not built; `api_roots` as `kind_of` takes them."""

    dist: Dist | None
    api_roots: Collection[str]

    def find(self, scope: Mapping[str, Any], nonce: Callable[[], str]) -> Answer | None:
        """What a request gets from the console; None where the API is asked.

        `nonce` is called for pages, and gives the nonce of this request's answer.
        """
        if scope["method"] not in READING:
            return None
        file = self.dist.files.get(scope["path"]) if self.dist is not None else None
        if file is not None:
            return _answer_file(scope, file)
        if not wants_page(scope["headers"]):
            return None
        return self._find_page(scope, nonce)

    def _find_page(self, scope: Mapping[str, Any], nonce: Callable[[], str]) -> Answer | None:
        kind = kind_of(scope["path"], self.api_roots)
        is_head = scope["method"] == "HEAD"
        if kind is Kind.PAGE and self.dist is None:
            return _page(HTTPStatus.SERVICE_UNAVAILABLE, NOT_BUILT.encode(), is_head)
        if kind is Kind.API or self.dist is None:
            return None
        status = HTTPStatus.OK if kind is Kind.PAGE else HTTPStatus.NOT_FOUND
        return _page(status, self.dist.page(nonce()), is_head)

    def is_shared(self, scope: Mapping[str, Any]) -> bool:
        """Whether page and API share the request's path, so that the API's answer has to say
        `Vary: Accept`: else a browser that goes back shows data that it kept as the page."""
        return (
            scope["method"] in READING
            and kind_of(scope["path"], self.api_roots) is Kind.PAGE
            and self.dist is not None
        )


def _page(status: HTTPStatus, body: bytes, is_head: bool) -> Answer:
    headers = (("Content-Type", HTML), ("Cache-Control", ASK_FIRST), ("Vary", "Accept"))
    return Answer(status, headers, body, is_head)


def _answer_file(scope: Mapping[str, Any], file: File) -> Answer:
    coding, body = _coded(file, header(scope["headers"], b"accept-encoding"))
    tag = f'"{file.digest}-{coding}"' if coding else f'"{file.digest}"'
    headers = tuple(_file_headers(scope["path"], file, coding, tag))
    if _is_known(header(scope["headers"], b"if-none-match"), tag):
        return Answer(HTTPStatus.NOT_MODIFIED, headers)
    return Answer(HTTPStatus.OK, headers, body, scope["method"] == "HEAD")


def _file_headers(path: str, file: File, coding: str, tag: str) -> Iterator[tuple[str, str]]:
    is_named_by_content = path.startswith(f"/{ASSETS}/")
    yield "Content-Type", file.content_type
    yield "Cache-Control", FOREVER if is_named_by_content else ASK_FIRST
    yield "ETag", tag
    yield "Vary", "Accept-Encoding"
    if coding:
        yield "Content-Encoding", coding
    if path.startswith(EMBED):
        yield from FOR_OTHER_SITES


def _coded(file: File, accepted: bytes) -> tuple[str, bytes]:
    """The first of the file's codings that is accepted; the plain file where none is."""
    if accepted:
        weights = weighted(accepted)
        for coding, body in file.coded.items():
            if weights.get(coding, 0.0) > 0:
                return coding, body
    return "", file.plain


def _is_known(given: bytes, tag: str) -> bool:
    """RFC 9110, 13.1.2: compared weakly, for a proxy may have weakened the tag."""
    tags = [each.strip().removeprefix("W/") for each in given.decode("latin-1").split(",")]
    return tag in tags or "*" in tags


def varying(send: Send) -> Send:
    """A `send` whose answer says that it depends on `Accept`."""

    async def send_varying(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"vary", b"Accept")]
        await send(message)

    return send_varying
