"""`trailkeeper record`: one event from the command line."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import msgspec
import typer

from trailkeeper.cli.connection import Connection
from trailkeeper.cli.exits import usage_error
from trailkeeper.cli.groups import expanded
from trailkeeper.cli.terminal import note, print_json
from trailkeeper.client import Client
from trailkeeper.client.model import EventFields


@expanded
def record(
    action: Annotated[str, typer.Argument(help="What was done, e.g. DELETE.")],
    resource_type: Annotated[str, typer.Argument(help="To what kind of thing, e.g. PROJECT.")],
    connection: Connection,
    event_id: Annotated[
        str | None, typer.Option("--id", help="The event's own id; made here if left out.")
    ] = None,
    resource_id: Annotated[str | None, typer.Option(help="Which one.")] = None,
    resource_name: Annotated[str | None, typer.Option(help="Its name.")] = None,
    user_id: Annotated[str | None, typer.Option(help="Who did it.")] = None,
    user_email: Annotated[str | None, typer.Option(help="Their e-mail address.")] = None,
    on_behalf_of: Annotated[str | None, typer.Option(help="The person acted for.")] = None,
    timestamp: Annotated[
        str | None, typer.Option(help="When, as RFC 3339; now if left out.")
    ] = None,
    ip_address: Annotated[str | None, typer.Option(help="From where.")] = None,
    user_agent: Annotated[str | None, typer.Option(help="With which client.")] = None,
    status: Annotated[str | None, typer.Option(help="SUCCESS or FAILED.")] = None,
    source: Annotated[str | None, typer.Option(help="UI, API, CLI, SDK or SYSTEM.")] = None,
    details: Annotated[
        str | None, typer.Option(help="A JSON object; - reads it from stdin.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the receipt as JSON.")] = False,
) -> None:
    """Record one event; ends when it is committed."""
    fields: EventFields = {
        "id": event_id,
        "resource_id": resource_id,
        "resource_name": resource_name,
        "user_id": user_id,
        "user_email": user_email,
        "on_behalf_of": on_behalf_of,
        "timestamp": timestamp,
        "ip_address": ip_address,
        "user_agent": user_agent,
        "status": status,
        "source": source,
        "details": _details(details),
    }
    with connection.open() as client:
        _record(client, action, resource_type, fields, as_json)


def _record(
    client: Client, action: str, resource_type: str, fields: EventFields, as_json: bool
) -> None:
    receipt = client.record(action, resource_type, **fields)
    if as_json:
        print_json(receipt)
        return
    sys.stdout.write(f"{receipt.id}\n")
    note(f"{receipt.status} at {receipt.received_at.isoformat()}")


def _details(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    source = sys.stdin.read() if text == "-" else text
    try:
        return msgspec.json.decode(source, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise usage_error(
            "INVALID_DETAILS",
            f"--details is not a JSON object: {error}",
            """Write e.g. --details '{"reason": "expired"}'.""",
        ) from None
