"""Background work: everything that runs beside requests, each piece on its own.

A piece that fails for a while says so and goes on; one that fails for good takes the
process down, because a server that answers but no longer commits would be worse.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog

from trailkeeper.access.people.links import forget_expired_links
from trailkeeper.access.signin.attempts import forget_old_attempts
from trailkeeper.access.signin.jobs import run_sign_in_jobs
from trailkeeper.access.signin.sessions import forget_old_sessions
from trailkeeper.access.signin.tickets import forget_expired_tickets
from trailkeeper.capture.idempotency import forget_expired_keys
from trailkeeper.detect.rehearsals import forget_old_rehearsals, run_rehearsal
from trailkeeper.detect.silence import look_for_silence
from trailkeeper.detect.sweep import sweep_late_days
from trailkeeper.errors import TrailkeeperError
from trailkeeper.event import NodeSeq
from trailkeeper.export.live_notices import LiveNotices
from trailkeeper.keep.retention import RUN_EVERY, last_good_run
from trailkeeper.keep.status import observe_holdings
from trailkeeper.notify.housekeeping import forget_old_notifications
from trailkeeper.notify.review.weekly import forget_old_reviews
from trailkeeper.notify.undelivered import observe_dead
from trailkeeper.outbound.jobs import deliver_mails, forget_dead_mails
from trailkeeper.services import Services
from trailkeeper.store.jobs import forget_done
from trailkeeper.store.settle import settle

LEASE_SECONDS: Final = 15.0
LAST_USED_SECONDS: Final = 30.0
LIVE_BEAT_SECONDS: Final = 1.0
MAIL_SECONDS: Final = 1.0
SIGN_IN_SECONDS: Final = 1.0
RETENTION_CHECK_SECONDS: Final = 60.0
SETTLE_SECONDS: Final = 10.0
LONGEST_TRANSACTION_SECONDS: Final = 8.0
GAP_POLL_SECONDS: Final = 0.005
CANCEL_AGAIN_SECONDS: Final = 1.0
OBSERVE_SECONDS: Final = 300.0
HOUSEKEEPING_SECONDS: Final = 3600.0
REHEARSE_SECONDS: Final = 1.0
REVIEW_SECONDS: Final = 300.0
SILENCE_SECONDS: Final = 600.0
SILENCE_FROM_SECONDS: Final = 3600.0
"""After a start it is this service that was silent: whoever waits has to come back first."""
SWEEP_SECONDS: Final = 30.0
LONGEST_RETENTION_RUN: Final = timedelta(hours=12)
"""A run of another node that is unfinished after this was cut short."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def running(services: Services, on_failure: Callable[[], None]) -> AsyncIterator[None]:
    """Runs all background work; at the end commits what waits and ends the node.

    `on_failure` is called where a piece ended that should not have.
    """
    if services.settings.is_embedded:
        # Nobody else can be running: what is unfinished was cut short.
        await services.retention.close_interrupted(services.clock())
        await services.own_events.take_over()
        await services.notifier.take_over()
    started = time.monotonic()
    committing = asyncio.create_task(services.committer.run(), name="committer")
    helping = [
        asyncio.create_task(services.detect.run(), name="detect"),
        asyncio.create_task(services.directory.run(), name="directory"),
        _every(LEASE_SECONDS, "lease", lambda: _renew_lease(services)),
        asyncio.create_task(services.own_events.run(), name="own events"),
        asyncio.create_task(services.recorder.run(), name="recorder"),
        _every(LAST_USED_SECONDS, "last used", services.keys.flush_last_used),
        _every(LAST_USED_SECONDS, "last seen", services.sessions.flush_last_seen),
        asyncio.create_task(services.live.run(), name="live"),
        _every(LIVE_BEAT_SECONDS, "live beat", services.live.beat),
        asyncio.create_task(
            LiveNotices(services.metadata, services.live.hub, services.clock).run(),
            name="live notices",
        ),
        _every(MAIL_SECONDS, "mail", lambda: _send_mails(services)),
        asyncio.create_task(services.notifier.run(), name="notifier"),
        _every(SIGN_IN_SECONDS, "sign-in", lambda: _finish_sign_ins(services)),
        _every(RETENTION_CHECK_SECONDS, "retention", lambda: _run_retention_if_due(services)),
        _every(REHEARSE_SECONDS, "rehearse", lambda: _rehearse(services)),
        _every(REVIEW_SECONDS, "weekly review", services.reviews.send_due),
        _every(SETTLE_SECONDS, "settle", lambda: _settle(services)),
        _every(SILENCE_SECONDS, "silence", lambda: _look_for_silence(services, started)),
        _every(SWEEP_SECONDS, "sweep", lambda: _sweep(services)),
        _every(OBSERVE_SECONDS, "metrics", lambda: _observe(services)),
        _every(HOUSEKEEPING_SECONDS, "housekeeping", lambda: _keep_house(services)),
    ]
    for task in (committing, *helping):
        task.add_done_callback(lambda done: _report(done, on_failure))
    try:
        yield
    finally:
        services.detect.stop()
        services.directory.stop()
        await _wait_for_a_gap(services)
        await _end(helping)
        await _record_the_rest(services)
        services.committer.close()
        with contextlib.suppress(asyncio.CancelledError):
            await committing
        await _say_goodbye(services)


async def _wait_for_a_gap(services: Services) -> None:
    """Until no piece is in the midst of a transaction: one that is cut short there may leave
    its connection behind with the write lock, and what is still to be written would wait.
    """
    deadline = time.monotonic() + LONGEST_TRANSACTION_SECONDS
    while (  # noqa: ASYNC110 - nobody tells when the last unit of work closes
        services.metadata.is_in_use and time.monotonic() < deadline
    ):
        await asyncio.sleep(GAP_POLL_SECONDS)


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancels until all have ended: before Python 3.12, a cancellation that meets the end of an
    `asyncio.wait_for` is lost, and a loop around it would go on for ever.
    """
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=CANCEL_AGAIN_SECONDS)


def _every(seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> asyncio.Task[None]:
    return asyncio.create_task(_repeat(seconds, name, work), name=name)


async def _repeat(seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await work()
        except TrailkeeperError as error:
            log.warning("background work will be retried", work=name, error=error.detail)
        await asyncio.sleep(seconds)


def _report(done: asyncio.Task[None], on_failure: Callable[[], None]) -> None:
    if done.cancelled():
        return
    error = done.exception()
    if error is not None:
        log.error("background work broke", work=done.get_name(), exc_info=error)
        on_failure()


async def _renew_lease(services: Services) -> None:
    committer = services.committer
    is_same_node = committer.node == services.lease.node
    await services.lease.renew(committer.committed_seq if is_same_node else NodeSeq(0))


async def _record_the_rest(services: Services) -> None:
    try:
        await services.recorder.flush(everything=True)
        await services.own_events.deliver_all()
    except TrailkeeperError as error:
        log.warning("own events could not all be delivered", error=error.detail)


async def _finish_sign_ins(services: Services) -> None:
    while await run_sign_in_jobs(services.metadata, services.resets, services.clock):
        pass


async def _send_mails(services: Services) -> None:
    while await deliver_mails(services.metadata, services.mailer, services.clock):
        pass


async def _rehearse(services: Services) -> None:
    while await run_rehearsal(services.engine, services.metadata, services.clock):
        pass


async def _look_for_silence(services: Services, started: float) -> None:
    if time.monotonic() - started < SILENCE_FROM_SECONDS:
        return
    if services.settings.is_embedded or services.lease.is_first:
        await look_for_silence(services.engine, services.metadata, services.clock)


async def _sweep(services: Services) -> None:
    if services.settings.is_embedded or services.lease.is_first:
        await sweep_late_days(services.engine, services.metadata, services.clock)


async def _settle(services: Services) -> None:
    if services.settings.is_embedded or services.lease.is_first:
        await settle(services.engine)


async def _observe(services: Services) -> None:
    async with services.metadata.reading() as session:
        last = await last_good_run(session)
        await observe_dead(session)
    await observe_holdings(services.engine, services.retention, last)


async def _run_retention_if_due(services: Services) -> None:
    if not (services.settings.is_embedded or services.lease.is_first):
        return
    await services.retention.close_interrupted(services.clock() - LONGEST_RETENTION_RUN)
    async with services.metadata.reading() as session:
        last = await last_good_run(session)
    if last is None or services.clock() - last >= RUN_EVERY:
        await services.retention.run_all()


async def _keep_house(services: Services) -> None:
    now = services.clock()
    await forget_expired_keys(services.metadata, now)
    async with services.metadata.transaction() as session:
        await forget_done(session, now - RUN_EVERY)
        await forget_expired_links(session, now)
        await forget_expired_tickets(session, now)
        await forget_old_attempts(session, now)
        await forget_old_rehearsals(session, now)
        await forget_old_sessions(session, now)
        await forget_dead_mails(session)
        await forget_old_notifications(session, now)
        await forget_old_reviews(session, now)


async def _say_goodbye(services: Services) -> None:
    try:
        await services.keys.flush_last_used()
        await services.sessions.flush_last_seen()
        await services.lease.end(services.committer.committed_seq)
    except TrailkeeperError as error:
        log.warning("the node could not be ended cleanly", error=error.detail)
