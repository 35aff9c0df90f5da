"""The way out: every call and every mail that leaves the process goes through this room."""

from __future__ import annotations
