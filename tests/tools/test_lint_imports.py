from __future__ import annotations

import pytest

from lint_imports import BELOW, NOUNS, WIRING, allowed_parts, check, may_import
from tests.tools.conftest import Write

UPWARD = [
    ("store/engine.py", "from trailkeeper.capture.group import GroupCommit", "store", "capture"),
    ("store/engine.py", "from ..search import filters", "store", "search"),
    ("store/engine.py", "import trailkeeper.access.keys", "store", "access"),
    ("search/sql.py", "from trailkeeper import insight", "search", "insight"),
    ("capture/steps.py", "from trailkeeper.search.sql import where_sql", "capture", "search"),
    ("ledger/tree.py", "from trailkeeper.keep.retention import run", "ledger", "keep"),
    ("keep/retention.py", "from trailkeeper.export.csv import to_csv", "keep", "export"),
    ("event.py", "from trailkeeper.store.engine import EventsEngine", "event", "store"),
    ("insight/routes.py", "from trailkeeper.app import create_app", "insight", "app"),
    ("client/transport.py", "from trailkeeper.settings import Settings", "client", "settings"),
    ("demo/load.py", "from trailkeeper.capture.place import new_event_id", "demo", "capture"),
    ("notify/slack.py", "from trailkeeper.client import Client", "notify", "client"),
    ("client/transport.py", "from trailkeeper.store.engine import Statement", "client", "store"),
    ("outbound/jobs.py", "from trailkeeper.access.keys import create_key", "outbound", "access"),
    ("store/jobs.py", "from trailkeeper.outbound.mail import Mail", "store", "outbound"),
]

DOWNWARD = [
    ("store/engine.py", "from trailkeeper.errors import Unavailable"),
    ("store/engine.py", "from .schema import EVENTS\nfrom . import jobs"),
    ("access/guard.py", "from trailkeeper.store.metadata import Metadata"),
    ("access/invite.py", "from trailkeeper.outbound.jobs import mail_later"),
    ("notify/slack.py", "from trailkeeper.outbound.http import OutboundClient"),
    ("outbound/jobs.py", "from trailkeeper.store.jobs import claim"),
    ("capture/routes.py", "from trailkeeper.access.guard import guard"),
    ("export/routes.py", "from trailkeeper.search.sql import where_sql"),
    ("keep/retention.py", "from trailkeeper.store.engine import EventsEngine"),
    ("principal.py", "from trailkeeper.event import OrganizationId"),
    ("app.py", "from trailkeeper.export.routes import router"),
    (
        "cli/serve.py",
        "from trailkeeper.app import create_app\nfrom trailkeeper.client import Client",
    ),
    (
        "client/query.py",
        "from trailkeeper import __version__\nfrom trailkeeper.event import Source",
    ),
    ("client/transport.py", "import gzip\n\nimport httpx2\nimport msgspec"),
]


@pytest.mark.parametrize(("name", "line", "room", "target"), UPWARD)
def test_refuses_upward_import(write: Write, name: str, line: str, room: str, target: str) -> None:
    root = write(f"src/trailkeeper/{name}", f"\n\n{line}\n".lstrip("\n"))

    messages = [str(finding) for finding in check(root)]

    expected = f"src/trailkeeper/{name}:1: {room} may not import {target}"
    assert any(message.startswith(expected) for message in messages), messages


@pytest.mark.parametrize(("name", "lines"), DOWNWARD)
def test_accepts_downward_import(write: Write, name: str, lines: str) -> None:
    assert check(write(f"src/trailkeeper/{name}", lines)) == []


def test_direction_has_a_named_escape_that_needs_a_reason(write: Write) -> None:
    line = "from trailkeeper.search.sql import where_sql  # import-direction:"

    assert check(write("src/trailkeeper/capture/a.py", f"{line} moved in 0012\n")) == []
    assert len(check(write("src/trailkeeper/capture/a.py", f"{line}\n"))) == 1


def test_refuses_an_unknown_room(write: Write) -> None:
    findings = check(write("src/trailkeeper/misc/a.py", "X = 1\n"))

    assert [(each.path, each.line) for each in findings] == [("src/trailkeeper/misc/a.py", 1)]


@pytest.mark.parametrize("line", ["import chdb", "from clickhouse_connect.driver import Client"])
def test_only_store_imports_the_driver(write: Write, line: str) -> None:
    assert check(write("src/trailkeeper/store/a.py", f"{line}\n")) == []
    assert len(check(write("src/trailkeeper/search/a.py", f"{line}\n"))) == 1


@pytest.mark.parametrize("line", ["import litestar", "import sqlalchemy.orm", "import numpy as np"])
def test_client_runs_without_the_server(write: Write, line: str) -> None:
    (finding,) = check(write("src/trailkeeper/client/a.py", f"X = 1\n{line}\n"))

    assert finding.line == 2
    assert "installed without the server" in finding.message


@pytest.mark.parametrize("folder", ["src/trailkeeper/store", "tests", "tools", "bench"])
def test_refuses_imports_inside_functions(write: Write, folder: str) -> None:
    sample = """
        def outer() -> None:
            def inner() -> None:
                import json
    """
    (finding,) = check(write(f"{folder}/a.py", sample))

    assert (finding.path, finding.line) == (f"{folder}/a.py", 3)


@pytest.mark.parametrize("call", ["import_module(name)", "importlib.import_module('json')"])
def test_refuses_imports_by_name(write: Write, call: str) -> None:
    sample = f"def load(name: str) -> object:\n    return {call}"

    assert len(check(write("src/trailkeeper/cli/a.py", f"{sample}\n"))) == 1
    assert check(write("src/trailkeeper/cli/a.py", f"{sample}  # inline-import: optional\n")) == []


def test_inline_import_has_a_named_escape(write: Write) -> None:
    sample = """
        def serve() -> None:
            # inline-import: the thin client is installed without the server
            from trailkeeper.app import create_app
    """
    assert check(write("src/trailkeeper/cli/a.py", sample)) == []


def test_the_table_has_no_circle_and_the_wiring_sees_all() -> None:
    for room in BELOW:
        assert room not in may_import(room)
        assert not may_import(room) & WIRING
        assert allowed_parts("app") >= {room} | NOUNS
