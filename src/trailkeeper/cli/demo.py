"""`trailkeeper demo`: 90 days of believable activity, through the public API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

import typer

from trailkeeper.cli.connection import Connection
from trailkeeper.cli.exits import CommandFailed, ExitCode
from trailkeeper.cli.groups import expanded
from trailkeeper.cli.serverside import load
from trailkeeper.cli.terminal import note, output, plain, progress_bar
from trailkeeper.client import BatchResult, Client
from trailkeeper.event import NewEvent

BATCH_EVENTS = 1000
