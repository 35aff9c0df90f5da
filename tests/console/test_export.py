"""An export as a person makes one: how many before, the file, how many at the end; and failures."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.console.small import OpenSmall, Small, fits_its_width, open_small, small

__all__ = ["open_small", "small"]

ROWS = 1234
FILTER = 'action:EXPORTED -resource_name:"left out"'


@pytest.fixture(scope="module", autouse=True)
def trail(small: Small) -> None:
    """Events to export, some with signs that formats must escape, and some to leave out."""
    odd = ['=1+1,"quoted"', "two\nlines", "# export: {}", "ü 😀"]
    small.post(
        *(
            {
                "action": "EXPORTED",
                "resource_type": "MODEL",
                "resource_id": f"model-{number}",
                "resource_name": odd[number % len(odd)],
                "details": {"text": "a\nb", "number": number},
            }
            for number in range(ROWS)
        ),
        *({"action": "EXPORTED", "resource_type": "MODEL", "resource_name": "left out"},) * 3,
    )


def open_export(page: Page) -> Locator:
    page.goto(f"/explorer?range=24h&q={quote(FILTER)}")
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.get_by_role("dialog", name="Export events")
    expect(dialog.get_by_text("1,234 rows will be exported")).to_be_visible()
    return dialog


def saved(download: Download, folder: Path) -> str:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path.read_text(encoding="utf-8")


def test_csv_has_exactly_what_is_filtered_and_says_how_many(
    open_small: OpenSmall, tmp_path: Path, shot: Callable[[Page, str], None]
) -> None:
    page = open_small()
    dialog = open_export(page)
    shot(page, "export")
    with page.expect_download() as downloading:
        dialog.get_by_role("button", name="Export", exact=True).click()
    text = saved(downloading.value, tmp_path)
    lines = list(csv.reader(text.splitlines(keepends=True)))
    assert lines[-1][0].startswith("# export: ")
    rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:-1]]
    assert len(rows) == ROWS
    assert {row["resource_id"] for row in rows} == {f"model-{number}" for number in range(ROWS)}
    assert re.fullmatch(r"audit-logs-\d{8}T\d{6}Z\.csv", downloading.value.suggested_filename)
    expect(dialog.get_by_role("status").filter(has_text="1,234 rows exported")).to_be_visible()
    shot(page, "export-done")


def test_json_and_ndjson_oldest_first(open_small: OpenSmall, tmp_path: Path) -> None:
    page = open_small()
    dialog = open_export(page)
    dialog.get_by_text("Oldest first").click()
    numbers = {}
    for name in ("NDJSON format", "JSON format"):
        dialog.get_by_role("radio", name=name, exact=True).check()
        with page.expect_download() as downloading:
            dialog.get_by_role("button", name=re.compile("^Export")).click()
        text = saved(downloading.value, tmp_path)
        if name == "JSON format":
            items = json.loads(text)["items"]
        else:
            items = [json.loads(line) for line in text.splitlines()][:-1]
        numbers[name] = [item["details"]["number"] for item in items]
    assert numbers["JSON format"] == numbers["NDJSON format"]
    assert len(numbers["JSON format"]) == ROWS


def test_a_failed_export_offers_what_helps(
    open_small: OpenSmall, tmp_path: Path, shot: Callable[[Page, str], None]
) -> None:
    page = open_small(allow=[r"ERR_INTERNET_DISCONNECTED"])
    dialog = open_export(page)
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Export", exact=True).click()
    failure = dialog.get_by_role("alert")
    expect(failure).to_contain_text("The export failed")
    expect(failure).to_contain_text("could not be reached")
    for name in ("Try again", "Only the newer half of the range", "Without the query", "As JSON"):
        expect(failure.get_by_role("button", name=name)).to_be_visible()
    shot(page, "export-failed")
    page.context.set_offline(False)
    with page.expect_download() as downloading:
        failure.get_by_role("button", name="As NDJSON").click()
    assert len(saved(downloading.value, tmp_path).splitlines()) == ROWS + 1
    expect(failure).to_be_hidden()
    expect(dialog.get_by_role("radio", name="NDJSON format", exact=True)).to_be_checked()


def test_the_commands_that_it_shows_do_the_same(
    small: Small, open_small: OpenSmall, tmp_path: Path
) -> None:
    page = open_small(permissions=["clipboard-read", "clipboard-write"])
    dialog = open_export(page)
    environ = {**os.environ, "TRAILKEEPER_API_KEY": small.server.api_key}
    for name, command in (("curl", ["bash", "-c"]), ("Python", [sys.executable, "-c"])):
        dialog.get_by_role("button", name=f"The same as a command: {name}").click()
        dialog.get_by_role("button", name=f"Copy as {name}").click()
        expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
        text = page.evaluate("navigator.clipboard.readText()")
        folder = tmp_path / name
        folder.mkdir()
        subprocess.run([*command, text], cwd=folder, env=environ, check=True, timeout=60)
        exported = (folder / "audit-logs.csv").read_text(encoding="utf-8")
        assert len(list(csv.reader(exported.splitlines(keepends=True)))) == ROWS + 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialog_passes_axe(
    open_small: OpenSmall, axe: Callable[[Page], None], scheme: str
) -> None:
    page = open_small(color_scheme=scheme)
    dialog = open_export(page)
    axe(page)
    with page.expect_download():
        dialog.get_by_role("button", name="Export", exact=True).click()
    expect(dialog.get_by_text("1,234 rows exported")).to_be_visible()
    axe(page)


def test_the_dialog_fits_a_phone(open_small: OpenSmall, shot: Callable[[Page, str], None]) -> None:
    page = open_small(viewport={"width": 390, "height": 844}, has_touch=True)
    open_export(page)
    assert fits_its_width(page)
    shot(page, "export-phone")
