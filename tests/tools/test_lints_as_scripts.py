"""Each lint is a script that says where and exits with 1, and that states its reason."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from linting import REPOSITORY
from tests.tools.conftest import Write

LINTS = sorted((REPOSITORY / "tools").glob("lint_*.py"))

BAD = {
    "lint_bound_sql": 'A = f"SELECT * FROM t WHERE id = {name}"',
    "lint_imports": "from trailkeeper.export import csv",
    "lint_outbound_http": "import requests",
    "lint_size": "A = 1  # " + "x" * 100,
    "lint_tenant_scope": 'A = "SELECT count() FROM events"',
    "lint_words": "A = 'persisted'",
}


def run(script: Path, root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, script, root], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("script", LINTS, ids=lambda script: script.stem)
def test_fails_with_place_and_message(write: Write, tmp_path: Path, script: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    write("src/trailkeeper/search/a.py", f"A = 1\n{BAD[script.stem]}\n")

    result = run(script, tmp_path)

    assert result.returncode == 1
    assert re.fullmatch(r"src/trailkeeper/search/a\.py:2: \S.*\n", result.stdout)
    assert result.stderr == ""


@pytest.mark.parametrize("script", LINTS, ids=lambda script: script.stem)
def test_passes_in_silence(write: Write, tmp_path: Path, script: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    write("src/trailkeeper/search/a.py", "A = 1\n")

    result = run(script, tmp_path)

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize("script", LINTS, ids=lambda script: script.stem)
def test_states_reason_escape_and_has_a_test(script: Path) -> None:
    docstring = ast.get_docstring(ast.parse(script.read_text())) or ""

    assert "Reason: " in docstring
    assert "Escape: " in docstring
    assert (REPOSITORY / "tests/tools" / f"test_{script.stem}.py").is_file()
