"""Fixtures: the room on each kind of database, with a web server and a mail server to tell."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.access.conftest import SECRET_KEY
from tests.notify.room import ACME, OTHER, PUBLIC_URL, Acknowledged, Clock, Room
from tests.outbound.far_http import FakeDns, FarEnd, far_end
from tests.outbound.far_smtp import MailServer, mail_server
from trailkeeper.access.organizations import create_organization
from trailkeeper.access.seal import Sealer
from trailkeeper.notify.channels.open import WaysOut
from trailkeeper.notify.notifier import Notifier
from trailkeeper.outbound.http import OutboundClient
from trailkeeper.outbound.reach import AllowList
from trailkeeper.outbound.smtp import SmtpMailer
from trailkeeper.outbound.tls import client_context
from trailkeeper.outbound_settings import Mailbox, SmtpServer, read_allowed
from trailkeeper.store.metadata import Metadata


@dataclass
class Far:
    """What there is to tell; `far.test` is opened, `inside.test` is not."""

    web: FarEnd
    inside: FarEnd
    mail: MailServer
    ways: WaysOut


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    dns = FakeDns()
    dns.add("far.test", ["127.0.0.1"])
    dns.add("inside.test", ["127.0.0.1"])
    context = client_context()
    outbound = OutboundClient(AllowList(read_allowed("far.test")), context, dns)
    async with far_end() as web, far_end() as inside, mail_server() as mail:
        mailer = SmtpMailer(
            SmtpServer("127.0.0.1", mail.port, is_tls=False, is_starttls=False),
            Mailbox("audit@trailkeeper.example", "Trailkeeper"),
            context,
            lambda: datetime.now(UTC),
        )
        yield Far(web, inside, mail, WaysOut(outbound, mailer))
        await mailer.close()


@pytest.fixture
async def room(metadata: Metadata, far: Far) -> Room:
    """The room with two organizations, `acme` and `other`, and neither channel nor setting."""
    clock = Clock(datetime.now(UTC).replace(microsecond=0))
    async with metadata.transaction() as session:
        for organization in (ACME, OTHER):
            await create_organization(
                session, organization.title(), retention_days=90, now=clock(), id=organization
            )
    acknowledged = Acknowledged()
    notifier = Notifier(
        metadata=metadata,
        sealer=Sealer.from_secret_key(SECRET_KEY),
        ways=far.ways,
        is_unacknowledged=acknowledged.is_unacknowledged,
        public_url=PUBLIC_URL,
        clock=clock,
    )
    return Room(metadata, clock, notifier, far.web, acknowledged)
