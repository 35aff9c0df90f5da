"""One file for each kind of channel: a message in, a receipt or one error out."""

from __future__ import annotations
