"""What is shipped: a wheel and a source distribution with the console built into them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INDEX = "trailkeeper/console/dist/index.html"
SOURCES = (
    "src",
    "docs",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "hatch_build.py",
    "pyproject.toml",
)


def build(root: Path, target: str, into: Path) -> subprocess.CompletedProcess[str]:
    """Without Node on the path: a checkout takes that of its own environment."""
    environ = {**os.environ, "PATH": os.defpath}
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)]
    return subprocess.run(
        command, cwd=root, env=environ, capture_output=True, text=True, check=False
    )


def built(root: Path, target: str, into: Path) -> Path:
    done = build(root, target, into)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = into.iterdir()
    return path


@pytest.fixture(scope="module")
def source_distribution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked source distribution of this checkout."""
    folder = tmp_path_factory.mktemp("sdist")
    archive = built(ROOT, "sdist", folder / "made")
    with tarfile.open(archive) as opened:
        opened.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    return unpacked


def names_in(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as opened:
        return opened.namelist()


@pytest.mark.slow
def test_the_wheel_of_a_checkout_has_the_console(tmp_path: Path) -> None:
    names = names_in(built(ROOT, "wheel", tmp_path))
    assert INDEX in names
    for suffix in (".js", ".js.br", ".js.gz", ".css"):
        assert any("/dist/assets/" in name and name.endswith(suffix) for name in names), suffix
    assert not [name for name in names if name.startswith("web/") or name.endswith(".sources")]


@pytest.mark.slow
def test_a_source_distribution_needs_no_node(source_distribution: Path, tmp_path: Path) -> None:
    assert not (source_distribution / "web").exists()
    assert not (source_distribution / "tools").exists()
    names = names_in(built(source_distribution, "wheel", tmp_path))
    assert INDEX in names
    assert {name for name in names if "/dist/" in name} == {
        f"trailkeeper/console/dist/{path.relative_to(dist).as_posix()}"
        for dist in [source_distribution / "src" / "trailkeeper" / "console" / "dist"]
        for path in dist.rglob("*")
        if path.is_file()
    }


@pytest.mark.slow
def test_without_the_console_nothing_is_shipped(source_distribution: Path, tmp_path: Path) -> None:
    for name in SOURCES:
        source = source_distribution / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    (tmp_path / "src" / INDEX).unlink()
    for target in ("wheel", "sdist"):
        done = build(tmp_path, target, tmp_path / "made")
        assert done.returncode != 0
        assert "index.html is missing: build the console first" in done.stderr + done.stdout
        assert not list((tmp_path / "made").glob("*"))
