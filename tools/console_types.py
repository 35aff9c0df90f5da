"""Writes what the console knows of the API: `web/openapi.json` and the types made of it.

Both are committed, so that a change of the API is seen in its diff and by the compiler; a test
fails where they no longer match the application. `make types` runs this.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from build_console import NODE, REPOSITORY
from trailkeeper.app import create_app, openapi_of
from trailkeeper.cli.quiet import quiet_logs
from trailkeeper.services import open_services
from trailkeeper.settings import read_settings

WEB = REPOSITORY / "web"
OPENAPI = WEB / "openapi.json"
TYPES = WEB / "src" / "api" / "schema.d.ts"
GENERATOR = WEB / "node_modules" / "openapi-typescript" / "bin" / "cli.js"


async def current_document() -> dict[str, Any]:
    """The OpenAPI document of the application as it stands here, over empty stores."""
    with tempfile.TemporaryDirectory() as data, quiet_logs():
        settings = read_settings({"TRAILKEEPER_DATA": data})
        async with open_services(settings) as services:
            return openapi_of(create_app(services))


def as_text(document: dict[str, Any]) -> str:
    """One value per line, in the document's own order: a change shows as the lines it is in."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def write_types(openapi: Path, target: Path) -> None:
    """Types of a document. Raises CalledProcessError."""
    command = [str(each) for each in (NODE, GENERATOR, openapi, "--output", target)]
    subprocess.run(command, cwd=WEB, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    if not GENERATOR.is_file():
        sys.exit(f"{GENERATOR} is missing: `make types` installs it")
    OPENAPI.write_text(as_text(asyncio.run(current_document())), encoding="utf-8")
    write_types(OPENAPI, TYPES)


if __name__ == "__main__":
    main()
