"""What was read a moment ago: answers from memory, never older than a few seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

MAX_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Value]):
    value: Value
    read_at: float


class Recent(Generic[Key, Value]):
    """Values by key, read by `read` and kept for `seconds`; one read for all who wait for it.

    A change made elsewhere MUST be seen within `seconds`, and one of this process as soon as
    `forget` or `forget_where` has returned.
    """

    def __init__(
        self,
        read: Callable[[Key], Awaitable[Value]],
        *,
        seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._monotonic = monotonic
        self._kept: dict[Key, _Kept[Value]] = {}
        self._reading: dict[Key, asyncio.Task[_Kept[Value]]] = {}

    async def get(self, key: Key) -> Value:
        """Raises what `read` raises; nothing is kept then."""
        kept = self._kept.get(key)
        if kept is None or self._monotonic() - kept.read_at >= self._seconds:
            kept = await self._read_once(key)
        return kept.value

    def forget(self, key: Key) -> None:
        """To be called once the change is committed."""
        self._kept.pop(key, None)
        # A read that began before the commit may have seen the old state: let none reuse it.
        self._reading.pop(key, None)

    def forget_where(self, is_meant: Callable[[Value], bool]) -> None:
        """The same for all values that are meant, and for whatever is being read just now."""
        self._reading.clear()
        for key in [key for key, kept in self._kept.items() if is_meant(kept.value)]:
            del self._kept[key]

    async def _read_once(self, key: Key) -> _Kept[Value]:
        task = self._reading.get(key)
        if task is None:
            task = asyncio.create_task(self._read_now(key))
            self._reading[key] = task
            task.add_done_callback(lambda done: self._remember(key, done))
        # A request that gives up must not take the others' answer with it.
        return await asyncio.shield(task)

    async def _read_now(self, key: Key) -> _Kept[Value]:
        read_at = self._monotonic()
        return _Kept(await self._read(key), read_at)

    def _remember(self, key: Key, done: asyncio.Task[_Kept[Value]]) -> None:
        failed = done.cancelled() or done.exception() is not None
        if self._reading.get(key) is not done:
            return
        del self._reading[key]
        if failed:
            return
        if len(self._kept) >= MAX_KEPT:
            # Only made-up keys can fill it; the true ones come back at one read each.
            self._kept.clear()
        self._kept[key] = done.result()
