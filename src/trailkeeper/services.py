"""Everything that a running Trailkeeper holds, opened in order and closed in reverse."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from trailkeeper.access.allow_list import AllowLists
from trailkeeper.access.follow import DirectoryFollower
from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.leaks import LeakReports
from trailkeeper.access.recorder import Recorder
from trailkeeper.access.seal import Sealer
from trailkeeper.access.signin.attempts import Attempts
from trailkeeper.access.signin.oidc import OidcSignIn, open_single_sign_on
from trailkeeper.access.signin.passwords import Passwords
from trailkeeper.access.signin.reset import PasswordResets
from trailkeeper.access.signin.sessions import SessionPolicy, Sessions
from trailkeeper.capture.body import ByteBudget
from trailkeeper.capture.commit import Committer
from trailkeeper.capture.enrich import Enricher, GeoDatabase
from trailkeeper.capture.known import KnownIds
from trailkeeper.capture.locate import locator
from trailkeeper.capture.outbox import OwnEventDelivery
from trailkeeper.capture.pipeline import Pipeline
from trailkeeper.capture.profile import Profiles
from trailkeeper.capture.receipts import read_known_ids
from trailkeeper.detect.detections import is_open_and_unacknowledged
from trailkeeper.detect.follow import DetectFollower
from trailkeeper.errors import ConfigurationError
from trailkeeper.event import NodeId, NodeSeq
from trailkeeper.export.live_feed import LiveFeed
from trailkeeper.keep.retention import OVERDUE_AFTER, Retention, last_good_run
from trailkeeper.lease import NodeLease
from trailkeeper.notify.channels.open import WaysOut
from trailkeeper.notify.notifier import Notifier
from trailkeeper.notify.review.facts import Health, Reviewer
from trailkeeper.notify.review.weekly import WeeklyReviews
from trailkeeper.outbound.mail import Mailer
from trailkeeper.outbound.open import open_mailer, open_outbound
from trailkeeper.search.cursor import CursorSigner
from trailkeeper.secret import load_secret_key
from trailkeeper.settings import Settings
from trailkeeper.store.engine import EventsEngine
from trailkeeper.store.heads import CommittedHeads
from trailkeeper.store.metadata import Metadata

LEASE: Final = timedelta(seconds=60)

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """What routes and background work share. Routes find them in the application's state."""

    settings: Settings
    metadata: Metadata
    engine: EventsEngine
    keys: KeyRing
    allow_lists: AllowLists
    heads: CommittedHeads
    lease: NodeLease
    live: LiveFeed
    mailer: Mailer
    notifier: Notifier
    committer: Committer
    pipeline: Pipeline
    own_events: OwnEventDelivery
    oidc: OidcSignIn
    passwords: Passwords
    recorder: Recorder
    resets: PasswordResets
    sealer: Sealer
    sessions: Sessions
    budget: ByteBudget
    signer: CursorSigner
    detect: DetectFollower
    directory: DirectoryFollower
    retention: Retention
    reviews: WeeklyReviews
    clock: Clock

    def as_state(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@asynccontextmanager
async def open_services(settings: Settings, clock: Clock = utc_now) -> AsyncIterator[Services]:
    """Opens both stores, claims a node and wires the rooms together.

    Raises ConfigurationError where a store cannot be opened.
    """
    _make_folder(settings.data)
    secret_key = load_secret_key(settings)
    metadata = Metadata.open(settings.metadata_url)
    try:
        await metadata.migrate()
        engine = await EventsEngine.open(settings.events_dsn, settings.engine_memory_bytes)
        try:
            services = await _wire(settings, secret_key, metadata, engine, clock)
            try:
                yield services
            finally:
                services.passwords.close()
                await services.mailer.close()
        finally:
            engine.close()
    finally:
        await metadata.close()


async def _wire(
    settings: Settings, secret_key: str, metadata: Metadata, engine: EventsEngine, clock: Clock
) -> Services:
    heads = CommittedHeads(engine, is_exclusive=settings.is_embedded)
    await heads.refresh()
    lease = await NodeLease.claim(metadata, LEASE, clock, max(heads.snapshot(), default=0))
    detect = DetectFollower(
        engine, heads, metadata, clock, lambda: settings.is_embedded or lease.is_first
    )
    directory = DirectoryFollower(engine, heads, metadata, clock)
    live = LiveFeed(engine, heads, lease, clock, is_exclusive=settings.is_embedded)

    def on_commit(node: NodeId, node_seq: NodeSeq, received_at: datetime) -> None:
        heads.advance(node, node_seq, received_at)
        detect.wake()
        directory.wake()
        live.wake()

    committer = await _open_committer(settings, engine, lease, heads, clock, on_commit)
    geo = GeoDatabase(settings.mmdb) if settings.mmdb is not None else None
    keys = KeyRing(metadata, secret_key)
    locate = locator(geo)
    passwords = Passwords()
    policy = SessionPolicy(settings.session_idle, settings.session_lifetime, settings.public_url)
    sealer = Sealer.from_secret_key(secret_key)
    sessions = Sessions(metadata, secret_key, clock, policy=policy, locate=locate)
    mailer, outbound = open_mailer(settings, clock), open_outbound(settings)
    leaks = LeakReports(metadata, keys.hasher, settings.public_url, clock)
    pipeline = Pipeline(Profiles(metadata), Enricher(geo), committer, leaks, clock)
    return Services(
        settings=settings,
        metadata=metadata,
        engine=engine,
        keys=keys,
        allow_lists=AllowLists(metadata),
        heads=heads,
        lease=lease,
        live=live,
        mailer=mailer,
        notifier=_open_notifier(settings, metadata, sealer, WaysOut(outbound, mailer), clock),
        committer=committer,
        pipeline=pipeline,
        own_events=OwnEventDelivery(metadata, pipeline, clock),
        oidc=open_single_sign_on(settings, metadata, sessions, sealer, outbound, clock),
        passwords=passwords,
        recorder=Recorder(metadata, clock),
        resets=PasswordResets(
            metadata, passwords, Attempts(metadata), locate, settings.public_url, clock
        ),
        sealer=sealer,
        sessions=sessions,
        budget=ByteBudget(settings.queue_bytes),
        signer=CursorSigner(secret_key.encode()),
        detect=detect,
        directory=directory,
        retention=Retention(engine, metadata, clock),
        reviews=_open_reviews(settings, metadata, engine, clock),
        clock=clock,
    )


async def _open_committer(
    settings: Settings,
    engine: EventsEngine,
    lease: NodeLease,
    heads: CommittedHeads,
    clock: Clock,
    on_commit: Callable[[NodeId, NodeSeq, datetime], None],
) -> Committer:
    is_exclusive = settings.is_embedded
    return Committer(
        engine,
        lease,
        await read_known_ids(engine, clock()) if is_exclusive else KnownIds(),
        clock=clock,
        queue_events=settings.queue_events,
        is_exclusive=is_exclusive,
        on_commit=on_commit,
        last_received_at=heads.last_received_at,
    )


def _open_notifier(
    settings: Settings, metadata: Metadata, sealer: Sealer, ways: WaysOut, clock: Clock
) -> Notifier:
    return Notifier(
        metadata=metadata,
        sealer=sealer,
        ways=ways,
        is_unacknowledged=is_open_and_unacknowledged,
        public_url=settings.public_url,
        clock=clock,
    )


def _open_reviews(
    settings: Settings, metadata: Metadata, engine: EventsEngine, clock: Clock
) -> WeeklyReviews:
    async def health() -> Health:
        async with metadata.reading() as session:
            last = await last_good_run(session)
        is_overdue = last is not None and clock() - last > OVERDUE_AFTER
        return Health(retention_last_run_at=last, retention_is_overdue=is_overdue)

    return WeeklyReviews(metadata, Reviewer(engine, metadata), health, settings.public_url, clock)


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            "DATA_FOLDER_UNUSABLE",
            f"TRAILKEEPER_DATA: {path} cannot be made: {error.strerror}",
            hint="Name a folder that this user may write to.",
            field="TRAILKEEPER_DATA",
        ) from error
