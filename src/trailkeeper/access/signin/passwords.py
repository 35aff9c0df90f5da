"""Passwords: hashed slowly, by one worker that leaves the processor to everything else.

Argon2id with the parameters that OWASP names for 19 MiB. Policy after NIST SP 800-63B-4,
3.1.1: length and an estimate of guesses, no composition rules, NFKC before hashing.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import threading
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn  # type: ignore[import-untyped]

from trailkeeper.access.signin.gate import Gate, busy
from trailkeeper.errors import BadRequest

TIME_COST: Final = 2
MEMORY_KIB: Final = 19 * 1024
PARALLELISM: Final = 1

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 256
GOOD_SCORE: Final = 3
"""zxcvbn's "safely unguessable": at least 10^8 guesses."""

ESTIMATED_LENGTH: Final = 40
"""The estimate's time grows faster than the length; a good start makes a good password."""

QUEUE: Final = 16
LOW_PRIORITY: Final = 10
"""Niceness: a tenth of what ingest weighs, so that a sign-in still takes under a second then."""
PRODUCT: Final = "trailkeeper"

Result = TypeVar("Result")


class PasswordCheck(NamedTuple):
    """Whether it was right, and a hash to keep instead where the parameters have changed."""

    is_right: bool
    new_hash: str | None = None


class Passwords:
    """Hashes, checks and judges passwords; one at a time, at most `queue` more waiting.

    Beyond that it raises Unavailable(SIGN_IN_BUSY): an attack on the sign-in must not grow a
    queue, nor take the processor from ingest. `capacity` is how many may be at it and wait,
    `checks` counts the hashes that were compared.
    """

    def __init__(self, queue: int = QUEUE) -> None:
        self._hasher = PasswordHasher(
            time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=PARALLELISM
        )
        self._nobody = self._hasher.hash(secrets.token_urlsafe())
        self._hashing = _Worker("passwords", queue, _lower_priority)
        # Not in the other worker: this is Python code, which must not hold the interpreter
        # at the lowest priority. One thread, for the estimator keeps its words in a global.
        self._judging = _Worker("password strength", queue)
        self.gate = Gate()
        self.capacity = queue + 1
        self.checks = 0

    async def hash(self, password: str) -> str:
        return await self._hashing.run(lambda: self._hasher.hash(normalized(password)))

    async def check(
        self, password: str, password_hash: str | None, *, is_first: bool = False
    ) -> PasswordCheck:
        """Compares; where there is no hash, it takes the same time and is wrong.

        `is_first` is for whom an attack must not keep waiting: known devices.
        """
        return await self._hashing.run(
            lambda: self._check(normalized(password), password_hash), is_first=is_first
        )

    async def check_strength(self, password: str, known: Iterable[str]) -> None:
        """Raises BadRequest (PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, WEAK_PASSWORD).

        `known` is what an attacker knows of the person: e-mail, name, organization.
        """
        password = normalized(password)
        if len(password) < MIN_LENGTH:
            raise BadRequest(
                "PASSWORD_TOO_SHORT",
                f"A password has at least {MIN_LENGTH} characters.",
                hint="Several words that do not belong together are easy to remember.",
                field="password",
            )
        if len(password) > MAX_LENGTH:
            raise BadRequest(
                "PASSWORD_TOO_LONG",
                f"A password has at most {MAX_LENGTH} characters.",
                field="password",
            )
        words = _words(known)
        await self._judging.run(lambda: _judge(password[:ESTIMATED_LENGTH], words))

    def close(self) -> None:
        self._hashing.close()
        self._judging.close()

    def _check(self, password: str, password_hash: str | None) -> PasswordCheck:
        self.checks += 1
        try:
            self._hasher.verify(password_hash or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return PasswordCheck(False)
        if password_hash is None:
            return PasswordCheck(False)
        is_old = self._hasher.check_needs_rehash(password_hash)
        return PasswordCheck(True, self._hasher.hash(password) if is_old else None)


class _Worker:
    """One thread and a bounded queue before it, in which some go first."""

    def __init__(self, name: str, queue: int, begin: Callable[[], None] | None = None) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name, initializer=begin)
        self._limit = queue + 1
        self._taken = 0
        self._waiting: deque[Callable[[], None]] = deque()
        self._is_working = False

    async def run(self, work: Callable[[], Result], *, is_first: bool = False) -> Result:
        if self._taken >= self._limit and not is_first:
            raise busy()
        self._taken += 1
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()

        def start() -> None:
            working = asyncio.wrap_future(self._pool.submit(work))
            # Not when the caller gives up: the thread is taken until it has finished.
            working.add_done_callback(lambda done: self._finished(done, answer))

        if is_first:
            self._waiting.appendleft(start)
        else:
            self._waiting.append(start)
        self._start_next()
        return await answer

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _start_next(self) -> None:
        if self._waiting and not self._is_working:
            self._is_working = True
            self._waiting.popleft()()

    def _finished(self, done: asyncio.Future[Result], answer: asyncio.Future[Result]) -> None:
        self._taken -= 1
        self._is_working = False
        self._start_next()
        if answer.done():
            return
        if done.cancelled():
            answer.cancel()
        elif (error := done.exception()) is not None:
            answer.set_exception(error)
        else:
            answer.set_result(done.result())


def normalized(password: str) -> str:
    """One form for what looks the same, whichever keyboard it came from."""
    return unicodedata.normalize("NFKC", password)


def _lower_priority() -> None:
    # On Linux, priority is each thread's own: hashing takes what the others leave.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW_PRIORITY)


def _words(known: Iterable[str]) -> list[str]:
    words = [PRODUCT]
    for text in known:
        folded = text.lower()
        words += [folded, *folded.replace("@", " ").replace(".", " ").split()]
    return [word for word in dict.fromkeys(words) if word]


def _judge(password: str, words: list[str]) -> None:
    found = zxcvbn(password, user_inputs=words)
    if found["score"] >= GOOD_SCORE:
        return
    feedback = found["feedback"]
    raise BadRequest(
        "WEAK_PASSWORD",
        feedback["warning"] or "This password is easy to guess.",
        hint=" ".join(feedback["suggestions"]) or "Add another word or two.",
        field="password",
    )
