"""The seed's compliance audit in one go: from the sign-in to a file that says it is whole."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.console.conftest import PageOf
from tests.console.insight_pages import LOAD_MS, WIDE, ask, explorer_total
from tests.console.own_service import fill_password
from tests.console.server import Console

WALL_CLOCK = "%Y-%m-%dT%H:%M"
DECIDES = (
    "/audit-logs?action=UPDATE&resource_type=USER&details.changed_fields=role&source=UI&limit=1"
)


def test_an_auditor_gets_proof_of_who_changed_whose_access(
    page_of: PageOf, console: Console, tmp_path: Path, shot: Callable[[Page, str], None]
) -> None:
    """Find the person, set the period, keep changes of users, export them, count the file."""
    page = page_of(None, viewport=WIDE, timezone_id="UTC", allow=[r"status of 401"])
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/login"))
    fill_password(page, *console.people["ADMIN"])
    expect(page.get_by_role("heading", name="Dashboard", level=1)).to_be_visible()
    change = ask(page, DECIDES)["items"][0]

    page.get_by_role("link", name="User Management").click()
    page.get_by_role("searchbox", name="Search by name or e-mail").fill(change["user_email"])
    page.wait_for_url(re.compile("search="))
    people = page.get_by_role("table", name="The directory of users")
    people.get_by_role("row").filter(has_text=change["user_email"]).get_by_role("link").click()
    page.get_by_role("link", name="Activity", exact=True).click()
    page.wait_for_url(f"**/users/{change['user_id']}/activity**")
    explorer_total(page)

    _set_period(page, datetime.fromisoformat(change["timestamp"]))
    _facet(page, "resource_type", "USER")
    of_users = explorer_total(page)
    assert of_users > 0
    bar = page.locator("[data-explorer-search]")
    bar.fill("resource_type:USER action:(CREATE OR UPDATE OR DELETE)")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("CREATE"))
    total = explorer_total(page)
    shot(page, "walk-audit")
    table = page.get_by_role("grid", name="Activity")
    expect(table.locator("[role=row][data-index]").first).to_contain_text(change["user_email"])

    rows, summary = _exported(page, tmp_path, total)
    assert len(rows) == summary["rows"] == total
    assert summary["complete"] is True
    assert summary["filter"]["user_id"] == [change["user_id"]]
    assert {row["user_id"] for row in rows} == {change["user_id"]}
    assert {row["resource_type"] for row in rows} == {"USER"}
    assert {row["action"] for row in rows} <= {"CREATE", "UPDATE", "DELETE"}
    proof = next(row for row in rows if row["id"] == change["id"])
    assert json.loads(proof["details"])["new_value"] == change["details"]["new_value"]
    _is_recorded(page, console, change["user_id"], total)


def _set_period(page: Page, moment: datetime) -> None:
    """Ten days around the moment, by the clock of the page (UTC), as an auditor would say them."""
    page.get_by_role("group", name="Time range").get_by_role(
        "button", name=re.compile("^Custom range")
    ).click()
    page.get_by_label("From", exact=True).fill(f"{moment - timedelta(days=5):{WALL_CLOCK}}")
    page.get_by_label("To", exact=True).fill(f"{moment + timedelta(days=5):{WALL_CLOCK}}")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url(re.compile("range=custom"))


def _facet(page: Page, field: str, value: str) -> None:
    """Checks the value; returns when the address says so."""
    box = page.locator(f"[data-facet={field}] [role=checkbox][title='{value}']")
    box.click()
    expect(box).to_be_checked()
    page.wait_for_url(re.compile(f"{field}.*{value}"))


def _exported(page: Page, folder: Path, total: int) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """The rows of the CSV file that the page made, and what its last line says."""
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.get_by_role("dialog", name="Export events")
    told = f"{total:,} row" + ("" if total == 1 else "s")
    expect(dialog.get_by_text(f"{told} will be exported")).to_be_visible(timeout=LOAD_MS)
    dialog.get_by_role("radio", name="CSV format", exact=True).check()
    with page.expect_download() as downloading:
        dialog.get_by_role("button", name="Export", exact=True).click()
    expect(dialog.get_by_text(f"{told} exported")).to_be_visible()
    path = folder / downloading.value.suggested_filename
    downloading.value.save_as(path)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    header, *lines, last = path.read_text(encoding="utf-8").splitlines(keepends=True)
    names = next(csv.reader([header]))
    rows = [dict(zip(names, line, strict=True)) for line in csv.reader(lines)]
    assert last.startswith("# export: ")
    return rows, json.loads(last.removeprefix("# export: "))


def _is_recorded(page: Page, console: Console, user_id: str, rows: int) -> None:
    """The export stands in the log itself: who made it, of whom, and how many rows."""
    page.get_by_role("link", name="Explorer", exact=True).click()
    page.wait_for_url("**/explorer**")
    expect(page.get_by_role("grid", name="Events")).to_be_visible(timeout=LOAD_MS)
    bar = page.locator("[data-explorer-search]")
    bar.fill("action:EXPORT details.phase:finished")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("EXPORT"))
    newest = page.get_by_role("grid", name="Events").locator("[role=row][data-index='0']")
    expect(newest).to_contain_text(console.people["ADMIN"][0])
    newest.click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("tab", name="Details").click()
    details = drawer.get_by_role("list", name="Details")
    expect(details).to_contain_text(re.compile(rf"rows\W*{rows}"))
