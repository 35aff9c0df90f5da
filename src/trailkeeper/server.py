"""Runs the service: stores, background work and HTTP, in one process until told to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from typing import Final

import structlog
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from trailkeeper.announce import Beginning, announce
from trailkeeper.app import create_app
from trailkeeper.bootstrap import (
    ensure_demo_people,
    ensure_first_organization,
    for_demo,
    issue_demo_key,
    issue_setup_link,
)
from trailkeeper.errors import ConfigurationError
from trailkeeper.logs import configure_logs
from trailkeeper.services import Services, open_services
from trailkeeper.settings import Settings
from trailkeeper.worker import running

BACKLOG: Final = 1024
STOP_SECONDS: Final = 8.0
"""How long running requests may take to end; containers are killed ten seconds after."""

WhenReady = Callable[[str, str], None]

log = structlog.get_logger(__name__)


def serve(settings: Settings, load_demo: WhenReady | None = None) -> int:
    """Serves until SIGINT or SIGTERM; returns the process's exit code.

    `load_demo` is called in a thread with the server's URL and a key, once it answers.
    Raises ConfigurationError where it cannot start.
    """
    configure_logs(settings)
    _check_address_is_free(settings)
    if load_demo is not None:
        settings = for_demo(settings)
    return uvloop.run(_serve(settings, load_demo))


def _check_address_is_free(settings: Settings) -> None:
    """The server shares its port with whoever asks (SO_REUSEPORT): a second one would start
    without a word and take half of the first one's requests."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        raise _address_unusable(settings, error) from error


def _address_unusable(settings: Settings, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        "ADDRESS_UNUSABLE",
        f"Cannot listen on {settings.host}:{settings.port}: {error}",
        hint="Is Trailkeeper running already? Choose another TRAILKEEPER_PORT, or a "
        "TRAILKEEPER_HOST that this machine has.",
    )


async def _serve(settings: Settings, load_demo: WhenReady | None) -> int:
    stop = asyncio.Event()
    failed = False

    def on_failure() -> None:
        nonlocal failed
        failed = True
        stop.set()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with open_services(settings) as services:
        first = await ensure_first_organization(services, demo=load_demo is not None)
        beginning = Beginning(
            first,
            await ensure_demo_people(services) if load_demo is not None else [],
            await issue_setup_link(services),
        )
        async with running(services, on_failure):
            server = Server(
                create_app(services),
                address=settings.host,
                port=settings.port,
                interface=Interfaces.ASGI,
                http=HTTPModes.http1,
                websockets=False,
                backlog=BACKLOG,
                log_enabled=False,
            )
            serving = asyncio.create_task(server.serve())
            serving.add_done_callback(lambda _: stop.set())
            await _check_listening(serving, settings)
            announce(settings, address_of(settings), beginning)
            demo = _start_demo(services, load_demo)
            await stop.wait()
            if demo is not None:
                demo.cancel()
            # The server waits for its requests, and these have no end of their own.
            services.live.close()
            server.stop()  # type: ignore[no-untyped-call]
            await _stopped(serving)
    log.info("stopped", failed=failed)
    return 1 if failed else 0


async def _stopped(serving: asyncio.Task[None]) -> None:
    """Waits for running requests, but not for ever: a client may not read its answer."""
    done, _ = await asyncio.wait({serving}, timeout=STOP_SECONDS)
    if done:
        await serving
    else:
        log.warning("requests were cut short", after_seconds=STOP_SECONDS)


async def _check_listening(serving: asyncio.Task[None], settings: Settings) -> None:
    # The server's first step binds the socket, so one turn of the loop tells.
    await asyncio.sleep(0)
    if not serving.done():
        return
    try:
        await serving
    except (OSError, RuntimeError) as error:
        raise _address_unusable(settings, error) from error


def _start_demo(services: Services, load_demo: WhenReady | None) -> asyncio.Task[None] | None:
    if load_demo is None:
        return None
    return asyncio.create_task(_load_demo(services, load_demo))


async def _load_demo(services: Services, load_demo: WhenReady) -> None:
    token = await issue_demo_key(services)
    await asyncio.to_thread(load_demo, address_of(services.settings), token)


def address_of(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"
