"""When the console is built anew, and what a build must not leave behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import build_console
from build_console import INDEX, STAMP, BuildFailed, Checkout, build
from tests.tools.conftest import Write

COMPRESS = "tools/compress_console.mjs"
LOCK: dict[str, Any] = {
    "packages": {
        "": {"name": "console"},
        "node_modules/a": {"version": "1.0.0", "integrity": "sha512-a"},
        "node_modules/b-linux": {"version": "1.0.0", "integrity": "sha512-b", "optional": True},
    }
}

# A build of two lines: npm and Node are the real ones, only there is little to build.
BUILD = """
import { mkdirSync, writeFileSync } from "node:fs";
mkdirSync("dist/assets", { recursive: true });
writeFileSync("dist/assets/a.js", "export {};".repeat(200));
writeFileSync("dist/index.html", process.env.PAGE ?? "__CSP_NONCE__ built");
"""


@pytest.fixture
def checkout(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    monkeypatch.setattr(build_console, "COMPRESS", tmp_path / "tools" / "compress_console.mjs")
    write("tools/compress_console.mjs", (build_console.REPOSITORY / COMPRESS).read_text())
    write("src/trailkeeper/console/serving.py", "")
    write("web/package.json", json.dumps({"scripts": {"build": "node build.mjs"}}))
    write("web/package-lock.json", json.dumps(LOCK))
    write("web/build.mjs", BUILD)
    write("web/src/main.ts", "")
    installed(write, LOCK)
    return Checkout(tmp_path)


def installed(write: Write, lock: dict[str, Any]) -> None:
    packages = {name: each for name, each in lock["packages"].items() if name}
    write("web/node_modules/.package-lock.json", json.dumps({"packages": packages}))


def again(checkout: Checkout) -> Checkout:
    """The same checkout, looked at anew."""
    return Checkout(checkout.root)


def test_it_is_built_once_and_anew_when_a_source_changes(
    checkout: Checkout, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    build(checkout)
    assert (checkout.dist / INDEX).read_text() == "__CSP_NONCE__ built"
    assert (checkout.dist / "assets" / "a.js.br").is_file()
    assert (checkout.dist / "assets" / "a.js.gz").is_file()
    assert "Building" in capsys.readouterr().out

    build(again(checkout))
    assert capsys.readouterr().out == ""

    write("web/src/main.test.ts", "// of no matter to what is built")
    assert again(checkout).is_built

    write("web/src/main.ts", "let changed;")
    assert not again(checkout).is_built
    (checkout.dist / "assets" / "old.js").write_text("")
    build(again(checkout))
    assert "Building" in capsys.readouterr().out
    assert not (checkout.dist / "assets" / "old.js").exists()
    assert again(checkout).is_built


@pytest.mark.parametrize("gone", [INDEX, STAMP])
def test_half_a_console_is_none(checkout: Checkout, gone: str) -> None:
    build(checkout)
    (checkout.dist / gone).unlink()
    assert not again(checkout).is_built


def test_a_page_without_a_place_for_the_nonce_is_refused(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(checkout)
    (checkout.web / "src" / "main.ts").write_text("let changed;")
    monkeypatch.setenv("PAGE", "without a place")
    with pytest.raises(BuildFailed, match="no __CSP_NONCE__"):
        build(again(checkout))
    assert (checkout.dist / INDEX).read_text() == "__CSP_NONCE__ built", "the old one stays"


def test_what_npm_says_of_a_failure_is_told(checkout: Checkout, write: Write) -> None:
    write("web/build.mjs", 'console.error("a fault at main.ts:1"); process.exit(1);')
    with pytest.raises(BuildFailed, match=r"a fault at main\.ts:1"):
        build(again(checkout))
    assert not checkout.dist.exists()


def test_packages_are_those_of_the_lock_file(checkout: Checkout, write: Write) -> None:
    assert again(checkout).has_packages

    without_optional = {"node_modules/a": LOCK["packages"]["node_modules/a"]}
    installed(write, {"packages": without_optional})
    assert again(checkout).has_packages, "of another machine's packages none is needed"

    installed(write, {"packages": {"node_modules/a": {"integrity": "sha512-other"}}})
    assert not again(checkout).has_packages

    installed(write, {"packages": LOCK["packages"] | {"node_modules/c": {"integrity": "c"}}})
    assert not again(checkout).has_packages, "one that the lock file no longer has"

    (checkout.web / "node_modules" / ".package-lock.json").unlink()
    assert not again(checkout).has_packages
