"""Fixtures for the whole suite."""

from __future__ import annotations

pytest_plugins = [
    "tests.metadata",
    "tests.live",
    "tests.engine",
    "tests.api.tenant",
    "tests.clickhouse_front",
]
