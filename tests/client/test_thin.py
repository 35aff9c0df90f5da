"""The client alone: installed without the server, it must import without it."""

from __future__ import annotations

import subprocess
import sys

import msgspec

SERVER = ["sqlalchemy", "alembic", "litestar", "granian", "chdb", "clickhouse_connect", "numpy"]


def test_the_client_imports_nothing_of_the_server() -> None:
    script = (
        "import sys, trailkeeper.client\n"
        "import msgspec; print(msgspec.json.encode(sorted(sys.modules)).decode())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    loaded: list[str] = msgspec.json.decode(ran.stdout)
    assert not set(loaded) & set(SERVER)
    rooms = {name.split(".")[1] for name in loaded if name.startswith("trailkeeper.")}
    assert rooms == {"client", "errors", "event"}
