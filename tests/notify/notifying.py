"""A notifier in a process of its own: `… METADATA_URL PORT [MOMENT]`.

It tells all that is due, to a far end on this PORT, until it is killed; with a MOMENT it kills
itself with -9 when it gets there.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from tests.access.conftest import SECRET_KEY
from trailkeeper.access.seal import Sealer
from trailkeeper.notify import notifier as module
from trailkeeper.notify.channels.open import WaysOut
from trailkeeper.notify.notifier import Notifier
from trailkeeper.outbound.http import OutboundClient
from trailkeeper.outbound.logged import LoggingMailer
from trailkeeper.outbound.reach import AllowList
from trailkeeper.outbound.tls import client_context
from trailkeeper.outbound_settings import read_allowed
from trailkeeper.principal import Tenant
from trailkeeper.store.metadata import Metadata

MOMENTS: Final = {
    "before the fan-out's commit": "complete",
    "before the claim": "claim_next",
    "before the call": "open_target",
    "before the mark": "mark_delivered",
}
"""Moment -> the step of the notifier in whose place the process dies."""


async def nobody_acknowledged(session: AsyncSession, tenant: Tenant, detection_id: str) -> bool:
    return False


async def notify(url: str, port: str, moment: str) -> None:
    if moment:
        vars(module)[MOMENTS[moment]] = _die
    metadata = Metadata.open(url)
    allow = AllowList(read_allowed(f"127.0.0.1:{port}"))
    notifier = Notifier(
        metadata=metadata,
        sealer=Sealer.from_secret_key(SECRET_KEY),
        ways=WaysOut(OutboundClient(allow, client_context()), LoggingMailer()),
        is_unacknowledged=nobody_acknowledged,
        public_url="http://127.0.0.1:8080",
        clock=lambda: datetime.now(UTC),
    )
    await notifier.take_over()
    print("running", flush=True)
    await notifier.run()


def _die(*_: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(notify(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ""))
