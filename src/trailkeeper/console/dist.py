"""The built console: read once into memory, so that serving it touches no disk and no path.

`tools/build_console.py` makes the folder: `index.html`, hashed files in `assets/`, the rest
by their own names, and beside each file that compresses well its `.br` and `.gz`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

DIST: Final = Path(__file__).parent / "dist"
INDEX: Final = "index.html"
NONCE_PLACE: Final = b"__CSP_NONCE__"
"""Stands in `index.html` wherever the answer's nonce belongs."""

CONTENT_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""A file of another kind fails the build: a browser told `nosniff` would not take it."""

CODINGS: Final[Mapping[str, str]] = {"br": ".br", "gzip": ".gz"}
"""Content codings, the smaller one first, and what they add to a file's name."""


@dataclass(frozen=True)
class File:
    """One file; `coded` holds its compressed forms by their coding."""

    content_type: str
    digest: str
    plain: bytes
    coded: Mapping[str, bytes]


@dataclass(frozen=True)
class Dist:
    """`index` is `index.html`, cut where a nonce belongs; `files` are the others by URL path."""

    index: tuple[bytes, ...]
    files: Mapping[str, File]

    def page(self, nonce: str) -> bytes:
        return nonce.encode().join(self.index)


def is_built(folder: Path = DIST) -> bool:
    return (folder / INDEX).is_file()


@cache
def read_dist(folder: Path = DIST) -> Dist | None:
    """The console, or None where it was not built."""
    if not is_built(folder):
        return None
    index = (folder / INDEX).read_bytes()
    return Dist(tuple(index.split(NONCE_PLACE)), _read_files(folder))


def _read_files(folder: Path) -> dict[str, File]:
    paths = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in CODINGS.values() and path != folder / INDEX
    ]
    return {
        f"/{path.relative_to(folder).as_posix()}": _read_file(path)
        for path in paths
        if not path.name.startswith(".")
    }


def _read_file(path: Path) -> File:
    plain = path.read_bytes()
    beside = {coding: path.with_name(path.name + suffix) for coding, suffix in CODINGS.items()}
    return File(
        content_type=CONTENT_TYPES[path.suffix],
        digest=hashlib.sha256(plain).hexdigest()[:20],
        plain=plain,
        coded={coding: each.read_bytes() for coding, each in beside.items() if each.is_file()},
    )
