"""`trailkeeper doctor`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from trailkeeper.cli.connection import Connection
from trailkeeper.cli.doctor.finding import Finding, Level, fail, ok, warn
from trailkeeper.cli.doctor.machine import (
    check_clock,
    check_console,
    check_data_folder,
    check_disk,
)
from trailkeeper.cli.doctor.service import ask_readiness, check_key, check_retention, check_server
from trailkeeper.cli.exits import CommandFailed, ExitCode, usage_error
from trailkeeper.cli.groups import expanded
from trailkeeper.cli.serve import overridden_settings
from trailkeeper.cli.serverside import load
from trailkeeper.cli.terminal import output, plain, print_json
from trailkeeper.client import Client
from trailkeeper.errors import ConfigurationError
from trailkeeper.settings import Settings

STYLES: Final = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}


@expanded
def doctor(
    connection: Connection,
    data: Annotated[
        Path | None, typer.Option(help="The server's data folder, if not TRAILKEEPER_DATA.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check settings, stores, disk, clock, geo database and server; say what to do."""
    findings = examine(connection, data)
    if as_json:
        print_json({"healthy": is_healthy(findings), "findings": findings})
    else:
        for finding in findings:
            _print(finding)
    if not is_healthy(findings):
        raise typer.Exit(ExitCode.PROBLEM)


def examine(connection: Connection, data: Path | None) -> list[Finding]:
    """All findings, in the order in which they should be mended."""
    api_key = connection.api_key()
    try:
        client = Client(connection.url, api_key)
    except ValueError as error:
        raise usage_error("INVALID_CONNECTION", str(error)) from None
    with client:
        readiness = ask_readiness(client)
        findings = _examine_machine(data, is_server_up=readiness is not None)
        server_time = readiness.server_time if readiness else None
        findings.append(check_clock(datetime.now(UTC), server_time))
        findings.append(check_server(connection.url, readiness))
        if readiness is not None and readiness.is_ready:
            findings.append(check_retention(readiness))
            if api_key is not None:
                findings.append(check_key(client))
    return findings


def is_healthy(findings: list[Finding]) -> bool:
    return all(finding.level is not Level.FAIL for finding in findings)


def _examine_machine(data: Path | None, *, is_server_up: bool) -> list[Finding]:
    try:
        settings = overridden_settings({} if data is None else {"DATA": str(data)})
    except ConfigurationError as error:
        return [fail("settings", error.detail, error.hint or "See docs/settings.md.")]
    return [
        ok(
            "settings",
            f"{len([name for name in os.environ if name.startswith('TRAILKEEPER_')])} set",
        ),
        check_data_folder(settings.data),
        check_disk(settings.data),
        check_console(),
        *_examine_stores(settings, is_server_up=is_server_up),
    ]


def _examine_stores(settings: Settings, *, is_server_up: bool) -> list[Finding]:
    try:
        stores = load("trailkeeper.cli.doctor.stores")
    except CommandFailed as error:
        hint = error.problem.hint or ""
        return [warn("stores", "not checked: the server is not installed here", hint)]
    found: list[Finding] = stores.check_stores(settings, is_server_up=is_server_up)
    return found


def _print(finding: Finding) -> None:
    level = Text(f"{finding.level:<4}", style=STYLES[finding.level])
    output().print(Text.assemble(level, f"  {finding.check:<13}  {plain(finding.detail)}"))
    if finding.todo:
        output().print(f"      {'':<13}  -> {plain(finding.todo)}")
