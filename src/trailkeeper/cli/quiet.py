"""The server's code without its log: a command tells what went wrong by itself, once.

Needs the server's dependencies, so only modules behind `serverside.load` import it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def quiet_logs() -> Iterator[None]:
    """Keeps log lines off the standard output, which belongs to the command's answer."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)
