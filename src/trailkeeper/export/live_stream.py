"""A stream of the live feed: first what was committed since its place, then what comes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from trailkeeper.errors import TrailkeeperError, Unavailable
from trailkeeper.export.live_channel import Channel
from trailkeeper.export.live_connection import Connection
from trailkeeper.export.live_feed import LiveFeed
from trailkeeper.export.live_frames import (
    EncodedEvent,
    event_frame,
    opening_frames,
    position_frame,
)
from trailkeeper.export.live_place import Place
from trailkeeper.export.live_replay import ReplayPage
from trailkeeper.export.live_standing import Standing

CONFIRM_SECONDS: Final = 5.0
UNCONFIRMED_SECONDS: Final = 10.0
"""A stream whose reader's standing could not be told for this long ends."""
END_SECONDS: Final = 2.0
"""How long a stream that has ended may take to say so, to a reader that does not read."""

HEADERS: Final = {
    "Cache-Control": "no-store, no-transform",
    # Proxies would collect the stream before they hand it on: nginx goes by this.
    "X-Accel-Buffering": "no",
}


@dataclass(frozen=True, slots=True)
class LiveStream:
    """One reader's stream. `resumes` says that the log is to be read from its place on."""

    feed: LiveFeed
    connection: Connection
    channel: Channel
    standing: Standing
    resumes: bool

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """What to send, until the stream ends."""
        yield opening_frames(self.connection.sign(self.connection.place))
        try:
            if self.resumes:
                async with contextlib.aclosing(self._replayed()) as replayed:
                    async for frames in replayed:
                        yield frames
        except TrailkeeperError as error:
            self.connection.end(error)
        while (data := await self.connection.take()) is not None:
            yield data

    async def _replayed(self) -> AsyncGenerator[bytes, None]:
        place = self.connection.place
        # To the feed's place first, which moves on meanwhile: frames are only kept for the
        # reader once what is left to read is short.
        page = await self._page(place, await self.feed.here())
        while page.has_more and not self.connection.ended.is_set():
            yield self._frames(page)
            page = await self._page(page.place, await self.feed.here())
        yield self._frames(page)
        upto = await self.feed.join(self.connection)
        while page.has_more or page.place != upto:
            if self.connection.ended.is_set():
                return
            page = await self._page(page.place, upto)
            yield self._frames(page)
            if not page.has_more:
                return

    async def _page(self, after: Place, upto: Place) -> ReplayPage:
        return await self.feed.replay.page(self.channel.question, after, upto)

    def _frames(self, page: ReplayPage) -> bytes:
        sign = self.connection.sign
        frames = [
            event_frame(sign(place), EncodedEvent(event).json()) for event, place in page.events
        ]
        return b"".join([*frames, position_frame(sign(page.place))])

    async def keep_confirming(self) -> None:
        """Ends the stream once its reader may no longer read the log."""
        loop = asyncio.get_running_loop()
        confirmed_at = loop.time()
        while True:
            await asyncio.sleep(CONFIRM_SECONDS)
            try:
                self.connection.principal = await self.standing.confirmed()
                confirmed_at = loop.time()
            except Unavailable as error:
                if loop.time() - confirmed_at >= UNCONFIRMED_SECONDS - CONFIRM_SECONDS:
                    self.connection.end(error)
            except TrailkeeperError as error:
                self.connection.end(error)


class LiveResponse(ASGIResponse):
    """Sends a stream until it ends or its reader is gone, and lets go of the connection."""

    _should_set_content_length = False

    def __init__(self, stream: LiveStream) -> None:
        super().__init__(media_type="text/event-stream", headers=HEADERS)
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._stream.feed.hub.leave(self._stream.connection)

    async def send_body(self, send: Send, receive: Receive) -> None:
        ended = self._stream.connection.ended
        sending = asyncio.create_task(self._send_all(send))
        beside = [
            asyncio.create_task(_gone(receive)),
            asyncio.create_task(ended.wait()),
            asyncio.create_task(self._stream.keep_confirming()),
        ]
        try:
            await asyncio.wait({sending, *beside}, return_when=asyncio.FIRST_COMPLETED)
            if ended.is_set() and not sending.done():
                await asyncio.wait({sending}, timeout=END_SECONDS)
        finally:
            for task in (sending, *beside):
                task.cancel()
            results = await asyncio.gather(sending, *beside, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _send_all(self, send: Send) -> None:
        stream = self._stream
        async with contextlib.aclosing(stream.chunks()) as chunks:
            async for data in chunks:
                await send({"type": "http.response.body", "body": data, "more_body": True})
                stream.feed.hub.note_sent(stream.connection)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
