"""The service's secret key: from the settings, or made once and kept beside the data."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from trailkeeper.errors import ConfigurationError
from trailkeeper.settings import MIN_SECRET_LENGTH, Settings

FILE_NAME: Final = "secret.key"


def load_secret_key(settings: Settings) -> str:
    """The key that signs cursors and hashes API keys. Losing it makes both invalid.

    Raises ConfigurationError where the file cannot be read, written, or holds no key.
    """
    if settings.secret_key is not None:
        return settings.secret_key
    path = settings.data / FILE_NAME
    try:
        _make_once(path)
        key = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "SECRET_KEY_UNUSABLE",
            f"{path} cannot be read or made: {error}",
            hint="Check the folder's rights, or set TRAILKEEPER_SECRET_KEY.",
        ) from None
    if len(key) < MIN_SECRET_LENGTH:
        raise ConfigurationError(
            "SECRET_KEY_UNUSABLE",
            f"{path} holds no key.",
            hint="Restore it from a backup. Without it the API keys that exist are invalid; "
            "delete the file to have a new one made.",
        )
    return key


def _make_once(path: Path) -> None:
    if path.exists():
        return
    # Written whole under another name first: a crash must not leave half a key behind.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(descriptor)
    try:
        # A link, not a rename: of two processes that start at once the first one wins.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
