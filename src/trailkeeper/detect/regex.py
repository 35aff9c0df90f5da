"""Regular expressions, in RE2's syntax and linear time: the engine's `match` is RE2, too.

The flags are written into the expression, so that both evaluators read the same text: the
engine's dot matches a line break unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import re2  # type: ignore[import-untyped]

MAX_REGEX_LENGTH: Final = 1024
MAX_PROGRAM_BYTES: Final = 1 << 20
"""Far below the engine's own bound, so that what is taken here is taken there."""


class UnsafeRegex(ValueError):
    """RE2 does not take it."""


def with_flags(regex: str, flags: str) -> str:
    """The expression with just these of the flags i, m and s set, whatever the default."""
    on = "".join(flag for flag in "ims" if flag in flags)
    off = "".join(flag for flag in "ims" if flag not in flags)
    return f"(?{on}{'-' + off if off else ''}){regex}"


def compile_regex(regex: str) -> Callable[[str], bool]:
    """Whether the expression is found anywhere in a text. Raises UnsafeRegex."""
    if len(regex) > MAX_REGEX_LENGTH:
        raise UnsafeRegex(f"it has more than {MAX_REGEX_LENGTH} characters")
    if "\0" in regex:
        raise UnsafeRegex("it holds a NUL; write \\x00")
    search = _compiled(regex).search
    return lambda text: search(text) is not None


def compile_pattern(regex: str) -> Callable[[str], bool]:
    """As `compile_regex`, of an expression made from a pattern with wildcards."""
    search = _compiled(regex).search
    return lambda text: search(text) is not None


def _compiled(regex: str) -> re2._Regexp:
    options = re2.Options()
    options.max_mem = MAX_PROGRAM_BYTES
    options.log_errors = False
    try:
        return re2.compile(regex, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "unknown"
        text = reason.decode() if isinstance(reason, bytes) else str(reason)
        raise UnsafeRegex(text) from None


def quoted(text: str) -> str:
    """The text as an expression that stands for itself."""
    escaped: str = re2.escape(text)
    return escaped
