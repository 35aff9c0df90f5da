"""Answers that come before the request's body has been read: the connection ends with them.

HTTP/1.1 has no other way out (RFC 9112 §9.6): what is left of the body would be taken for the
next request. The server closes such a connection anyway; a client that is not told sends its
next request into it, and never hears what became of that.
"""

from __future__ import annotations

from litestar.enums import ScopeType
from litestar.types import (
    ASGIApp,
    HTTPReceiveMessage,
    Message,
    Receive,
    Scope,
    Send,
    WebSocketReceiveMessage,
)


def close_unread(app: ASGIApp) -> ASGIApp:
    """Middleware: says `Connection: close` where the body was not read to its end."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if not _has_body(scope):
            await app(scope, receive, send)
            return
        is_read = False

        async def receive_noting() -> HTTPReceiveMessage | WebSocketReceiveMessage:
            nonlocal is_read
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body"):
                is_read = True
            return message

        async def send_closing(message: Message) -> None:
            if message["type"] == "http.response.start" and not is_read:
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        await app(scope, receive_noting, send_closing)

    return middleware


def _has_body(scope: Scope) -> bool:
    if scope["type"] != ScopeType.HTTP:
        return False
    headers = dict(scope["headers"])
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
