from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lint_words import HOSTS, PATHS, check
from tests.tools.conftest import Write


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)


@pytest.mark.parametrize("word", HOSTS)
def test_refuses_registry_hosts(write: Write, word: str) -> None:
    (finding,) = check(write("requirements.lock", f"\n--index-url http://{word}com/simple\n"))

    assert str(finding).startswith("requirements.lock:1: ")
    assert "registry" in finding.message


@pytest.mark.parametrize("word", PATHS)
@pytest.mark.parametrize("sample", ["cd {}x", "DATA={}x", '"{}x"'])
def test_refuses_paths_of_one_machine(write: Write, word: str, sample: str) -> None:
    (finding,) = check(write("docs/a.md", sample.format(word)))

    assert finding.message == f"{word!r} is a path of one machine"


def test_accepts_the_end_of_another_path(write: Write) -> None:
    samples = "\n".join(f"cd /srv{path}x" for path in PATHS)

    assert check(write("docs/a.md", samples)) == []


@pytest.mark.parametrize("name", ["src/a.py", "docs/a.md", "README.md", "web/a.ts"])
@pytest.mark.parametrize("word", ["persisted", "Ingested"])
def test_refuses_synonyms_of_state_words(write: Write, name: str, word: str) -> None:
    (finding,) = check(write(name, f"# an event that was {word}\n"))

    assert str(finding) == f"{name}:1: {word!r} is no state word; the word is 'committed'"


def test_other_folders_and_words_are_free(write: Write) -> None:
    write("tests/a.py", "# persisted\n")

    assert check(write("src/a.py", "# persistent, committed, ingest\n")) == []


def test_files_that_git_ignores_are_free(write: Write) -> None:
    write(".gitignore", "/data/\n")
    write("data/note.md", PATHS[0])

    assert check(write("picture.png", "")) == []


def test_binary_files_are_skipped(write: Write, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\xff\xfe" + PATHS[0].encode())

    assert check(tmp_path) == []


def test_escape_is_named_and_needs_a_reason(write: Write) -> None:
    assert check(write("docs/a.md", "persisted <!-- words: quoted from a log -->\n")) == []
    assert len(check(write("docs/a.md", "persisted <!-- words: \n"))) == 1
