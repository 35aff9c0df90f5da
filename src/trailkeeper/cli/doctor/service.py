"""Checks over HTTP: does the server answer, is it ready, does the key fit, did retention run."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from trailkeeper.cli.doctor.finding import Finding, fail, ok, warn
from trailkeeper.client import Client, ClientError, Unavailable
from trailkeeper.client.readiness import Readiness

RETENTION_OVERDUE: Final = "RETENTION_OVERDUE"


def ask_readiness(client: Client) -> Readiness | None:
    """None where no answer came."""
    try:
        return client.readiness()
    except Unavailable:
        return None


def check_server(url: str, readiness: Readiness | None) -> Finding:
    check = "server"
    if readiness is None:
        return fail(
            check, f"nothing answers at {url}", "Start it: `trailkeeper serve`, or pass --url."
        )
    said = msgspec.json.encode(readiness.document).decode()
    if not readiness.is_ready:
        return fail(
            check,
            f"{url} answers {readiness.status} to /readyz and says: {said}",
            "Mend what it names; its log says more.",
        )
    if readiness.document.get("status") != "ready":
        return fail(
            check, f"{url} is another service", "Pass --url with the address of Trailkeeper."
        )
    return ok(check, f"{url} is ready")


def check_key(client: Client) -> Finding:
    check = "api key"
    try:
        organization = client.organization()
    except Unavailable as error:
        return fail(check, error.detail, error.hint or "Try again.")
    except ClientError as error:
        # Not allowed to read settings, but known: a key for events only is a good key.
        if error.status == 403:
            return ok(check, "it is valid")
        return fail(check, error.detail, error.hint or "`trailkeeper key create` makes another.")
    return ok(check, f"it is valid, of organization {organization['id']}")


def check_retention(readiness: Readiness) -> Finding:
    check = "retention"
    last = readiness.document.get("retention_last_run_at")
    if last is None:
        return warn(
            check, "it has not run yet", "It runs daily; or run `trailkeeper retention run`."
        )
    detail = f"it last ended well on {datetime.fromisoformat(last):%Y-%m-%d %H:%M} UTC"
    if RETENTION_OVERDUE in readiness.document.get("warnings", []):
        return fail(check, detail, "See `trailkeeper retention status` and the server's log.")
    return ok(check, detail)
