"""Detection rules over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from trailkeeper.client.transport import Transport

FINISHED: Final = frozenset({"done", "failed"})

Document = dict[str, Any]


class Rules:
    """What `Client.rules` can do; the answers are the API's documents."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> Document:
        """The built-in rules and the organization's own."""
        return self._transport.get("/rules/", Document)

    def rehearse(self, text: str, *, days: int = 90) -> Document:
        """Asks what a rule would have found; its `state` may not be `done` yet."""
        body = {"text": text, "days": days}
        return self._transport.post("/rules/rehearse", Document, body, repeatable=False)

    def rehearsal(self, rehearsal_id: str) -> Document:
        """How far a rehearsal is, and what it found."""
        return self._transport.get(f"/rules/rehearsals/{quote(rehearsal_id, safe='')}", Document)

    def import_files(self, files: Iterable[tuple[str, str]]) -> Document:
        """Keeps what is usable of rule files, each a name and its text, turned off."""
        listed = [{"name": name, "text": text} for name, text in files]
        return self._transport.post("/rules/import", Document, {"files": listed, "keep": True})
