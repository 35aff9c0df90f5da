"""Words that must not be committed.

Reason: the state words (received, committed, sealed, published) lose their meaning once a synonym
stands beside them; a registry's host or a path of somebody's machine makes the project build on
that machine alone.

State synonyms are looked for in the source, the documentation and the console; hosts and paths in
every committed file.

Escape: `words: reason` in a comment on the line.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from linting import Finding, main

SYNONYMS = {"ingested": "committed", "persisted": "committed"}

# Written in halves, so that this file passes its own rule.
HOSTS = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.", "deb.debian" + ".org")
PATHS = ("/wo" + "rk/", "/ro" + "ot/", "/tmp" + "/sp")

STATE_FOLDERS = ("README.md", "docs/", "src/", "web/")
ESCAPE = re.compile(r"\bwords:\s*\S")

_synonym = re.compile(rf"\b({'|'.join(SYNONYMS)})\b", re.IGNORECASE)
_host = re.compile("|".join(re.escape(host) for host in HOSTS), re.IGNORECASE)
_path = re.compile(rf"(?<![\w.~-])({'|'.join(re.escape(path) for path in PATHS)})")


def check(root: Path) -> list[Finding]:
    findings = []
    for name in _committed_files(root):
        for number, line in enumerate(_lines(root / name), start=1):
            if not ESCAPE.search(line):
                findings += [Finding(name, number, message) for message in _faults(name, line)]
    return findings


def _committed_files(root: Path) -> list[str]:
    """Names of the files that are, or are about to be, in the repository."""
    listed = subprocess.run(
        # Whoever owns the checkout, listing it is harmless.
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    return sorted(name for name in listed.stdout.split("\0") if (root / name).is_file())


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []


def _faults(name: str, line: str) -> Iterator[str]:
    if name.startswith(STATE_FOLDERS) and (found := _synonym.search(line)):
        word = found.group(1)
        yield f"{word!r} is no state word; the word is {SYNONYMS[word.lower()]!r}"
    if found := _host.search(line):
        yield f"{found.group()!r} names a package registry"
    if found := _path.search(line):
        yield f"{found.group(1)!r} is a path of one machine"


if __name__ == "__main__":
    main(check)
