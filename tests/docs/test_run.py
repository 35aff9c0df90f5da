"""The documentation's commands, run as written against a live server.

A block whose opening line says `run` is run, those of a page in order. The address of the
documentation, http://127.0.0.1:8080, is replaced by the server's; `TRAILKEEPER_API_KEY` holds
a key, `TRAILKEEPER_DATA` names the data folder, and `.venv` is where it is in a checkout.
A block that says `shows` is what the block before it prints: every key that it shows must be
there, with a value of the same kind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import Block, page_names, read_page
from tests.live import LiveServer
from tests.orgs import new_organization

DOCUMENTED_URL = "http://127.0.0.1:8080"
RUN = "run"
SHOWS = "shows"
SECONDS = 60

# A refused request must fail the block, as it would disappoint the reader.
BASH_PRELUDE = 'curl() { command curl --fail-with-body "$@"; }\n'


def _pages_to_run() -> list[str]:
    return [
        name
        for name in page_names()
        if any(RUN in block.words or SHOWS in block.words for block in read_page(name).blocks)
    ]


@pytest.mark.parametrize("name", _pages_to_run())
def test_commands_work_as_written(name: str, live_server: LiveServer, tmp_path: Path) -> None:
    _, token = new_organization(live_server)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    environ = {
        **{key: value for key, value in os.environ.items() if "TRAILKEEPER_" not in key},
        "TRAILKEEPER_URL": live_server.url,
        "TRAILKEEPER_API_KEY": token,
        "TRAILKEEPER_DATA": str(live_server.data),
    }
    printed = ""
    for block in read_page(name).blocks:
        place = f"{name}:{block.line}"
        if RUN in block.words:
            printed = _run(place, block, live_server.url, environ, tmp_path)
        elif SHOWS in block.words:
            _check_shape(place, json.loads(block.text), json.loads(printed))


def test_readme_and_api_have_commands_to_run() -> None:
    assert {"README.md", "docs/api.md"} <= set(_pages_to_run())


def test_a_wrong_picture_is_noticed() -> None:
    with pytest.raises(AssertionError, match=r"items\.0\.colour"):
        _check_shape("page:1", {"items": [{"colour": "red"}]}, {"items": [{"id": "a"}]})
    with pytest.raises(AssertionError, match="total"):
        _check_shape("page:1", {"total": 3}, {"total": "3"})


def _run(place: str, block: Block, url: str, environ: dict[str, str], folder: Path) -> str:
    code = block.text.replace(DOCUMENTED_URL, url)
    if block.language == "bash":
        command = ["bash", "-euo", "pipefail", "-c", BASH_PRELUDE + code]
    elif block.language == "python":
        command = [sys.executable, "-W", "error", "-c", code]
    else:
        raise AssertionError(f"{place}: no way to run {block.language!r}")
    done = subprocess.run(
        command, env=environ, cwd=folder, capture_output=True, text=True, timeout=SECONDS
    )
    assert done.returncode == 0, f"{place} failed:\n{code}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _check_shape(place: str, shown: Any, printed: Any, path: str = "") -> None:
    where = f"{place}: {path or 'the answer'}"
    if isinstance(shown, dict):
        assert isinstance(printed, dict), f"{where} is no object"
        for key, value in shown.items():
            assert key in printed, f"{where}.{key} is not in the answer: {sorted(printed)}"
            _check_shape(place, value, printed[key], f"{path}.{key}" if path else key)
    elif isinstance(shown, list):
        assert isinstance(printed, list), f"{where} is no list"
        assert len(printed) >= len(shown), f"{where} has {len(printed)} entries"
        for index, value in enumerate(shown):
            _check_shape(place, value, printed[index], f"{path}.{index}" if path else str(index))
    else:
        assert type(shown) is type(printed), f"{where}: {shown!r} is shown for {printed!r}"
