"""Step 3, redact: secrets are removed before anything is stored or logged.

On by default for keys that look like credentials, anywhere in `details`, and for values
that are credentials whatever their key (private keys, bearer tokens, JSON web tokens,
Trailkeeper's own API keys). An organization may add key patterns, exact paths and value
patterns, and may allow paths. What was removed is marked in place and listed by path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from trailkeeper.capture.rejection import Reason, Rejected
from trailkeeper.event import MAX_DETAILS_BYTES, MAX_DETAILS_DEPTH

MARK: Final = "[REDACTED]"

SECRET_KEY_WORDS: Final = (
    r"passw(?:or)?d|passwort|passphrase|pwd|secret(?!ar)|token(?!i[sz])s?|api[_\- ]?key"
    r"|access[_\- ]?key|private[_\- ]?key|authorization|credential|cookie|session[_\- ]?id|bearer"
    r"|pin[_\- ]?code"
    # A word of its own: there is one in `footprint` too.
    r"|(?-i:(?<![A-Za-z])[ht]?otp(?![a-z])|(?<![A-Z])[HT]?OTP(?![A-Z])|Otp(?![a-z]))"
)
HARMLESS_REST: Final = re.compile(
    r"[_\-. ](?:count|length|type|name|id|ids|expires|expiry|expires_at|created|created_at"
    r"|changed|changed_at|policy|enabled|required|used|usage|limit|scope|scopes|prefix|age|reset)$",
    re.IGNORECASE,
)
"""What may follow a secret's name to tell that the value only describes it: `token_type`."""
SECRET_VALUES: Final = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b[Bb]earer +[A-Za-z0-9._~+/\-]{16,}"
    r"|\bBasic +[A-Za-z0-9+/]{16,}={0,2}"
    r"|\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*"
    r"|\btk_[A-Za-z0-9]{4,}_[A-Za-z0-9_\-]{16,}"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}"
    r"|\bxox[abprs]-[A-Za-z0-9\-]{10,}"
    r"|\bsk_live_[A-Za-z0-9]{16,}"
)
SECRET_VALUE_HINTS: Final = (
    "PRIVATE KEY", "earer ", "Basic ", "eyJ", "tk_", "AKIA",
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "xox", "sk_live_",
)  # fmt: skip
"""A value that matches SECRET_VALUES holds one of these; looking for them is 50 times faster."""

MAX_REMEMBERED_KEYS: Final = 8192

_CONTAINERS: Final = (dict, list)
_ENCODER: Final = msgspec.json.Encoder()
_EMPTY: Final = "{}"


@dataclass(frozen=True)
class RedactionRules:
    """An organization's additions to the default rules. Patterns are regular expressions.

    `paths` and `allowed_paths` are dotted paths below `details`, e.g. `request.headers`.
    """

    key_patterns: tuple[str, ...] = ()
    value_patterns: tuple[str, ...] = ()
    paths: frozenset[str] = frozenset()
    allowed_paths: frozenset[str] = frozenset()

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> RedactionRules:
        return cls(
            key_patterns=tuple(config.get("key_patterns", ())),
            value_patterns=tuple(config.get("value_patterns", ())),
            paths=frozenset(config.get("paths", ())),
            allowed_paths=frozenset(config.get("allowed_paths", ())),
        )


@dataclass
class Redactor:
    """Removes secrets from `details` under the default rules and an organization's own."""

    rules: RedactionRules = field(default_factory=RedactionRules)

    def __post_init__(self) -> None:
        own_keys = "|".join(self.rules.key_patterns)
        own_values = "|".join(self.rules.value_patterns)
        self._own_key = re.compile(own_keys, re.IGNORECASE) if own_keys else None
        self._own_value = re.compile(own_values) if own_values else None
        self._key = re.compile(SECRET_KEY_WORDS, re.IGNORECASE)
        self._value = re.compile(f"{SECRET_VALUES}|{own_values}" if own_values else SECRET_VALUES)
        self._harmless_keys: set[str] = set()

    def redact(self, details: dict[str, Any] | None) -> tuple[str, list[str]]:
        """`details` as compact JSON text without its secrets, and the paths removed.

        Raises Rejected where details are too large or nested too deeply.
        """
        if not details:
            return _EMPTY, []
        encoded = _encode(details)
        if encoded.count(b"{") + encoded.count(b"[") > MAX_DETAILS_DEPTH:
            _check_depth(details, MAX_DETAILS_DEPTH)
        text = encoded.decode()
        # Cheap looks first: most events hold nothing that even resembles a secret.
        if not (self.rules.paths or self._has_secret_key(details) or self._has_secret_value(text)):
            return text, []
        removed: list[str] = []
        clean = self._clean(details, "", removed)
        # The marks may take more room than what they stand for; that is not the sender's fault.
        return (_ENCODER.encode(clean).decode(), removed) if removed else (text, [])

    def _has_secret_key(self, container: Any) -> bool:
        if isinstance(container, dict):
            # Nearly all keys were seen before, and then one set operation judges them all.
            if not container.keys() <= self._harmless_keys and any(
                self._is_secret_key(key) and _may_hold_secret(key, inner)
                for key, inner in container.items()
            ):
                return True
            container = container.values()
        for inner in container:
            if isinstance(inner, _CONTAINERS) and self._has_secret_key(inner):
                return True
        return False

    def _is_secret_key(self, key: str) -> bool:
        if key in self._harmless_keys:
            return False
        if self._judge_key(key):
            return True
        if len(self._harmless_keys) < MAX_REMEMBERED_KEYS:
            self._harmless_keys.add(key)
        return False

    def _has_secret_value(self, text: str) -> bool:
        # An own pattern is for the values themselves: in JSON text they are quoted and escaped.
        if self._own_value is not None:
            return True
        for hint in SECRET_VALUE_HINTS:  # noqa: SIM110 - a generator takes three times as long
            if hint in text:
                return True
        return False

    def _judge_key(self, key: str) -> bool:
        if self._own_key is not None and self._own_key.search(key):
            return True
        word = self._key.search(key)
        return word is not None and not HARMLESS_REST.search(key, word.end())

    def _clean(self, value: Any, path: str, removed: list[str]) -> Any:
        if isinstance(value, dict):
            return {
                key: self._clean_entry(key, inner, f"{path}.{key}" if path else key, removed)
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [self._clean(inner, f"{path}.{i}", removed) for i, inner in enumerate(value)]
        if isinstance(value, str) and path not in self.rules.allowed_paths:
            cleaned, hits = self._value.subn(MARK, value)
            if hits:
                removed.append(f"details.{path}")
                # What follows a private key's first line is the key.
                return MARK if "PRIVATE KEY" in value else cleaned
        if self._is_own_secret_number(value) and path not in self.rules.allowed_paths:
            removed.append(f"details.{path}")
            return MARK
        return value

    def _is_own_secret_number(self, value: Any) -> bool:
        if self._own_value is None or isinstance(value, bool):
            return False
        return isinstance(value, int | float) and bool(self._own_value.search(str(value)))

    def _clean_entry(self, key: str, value: Any, path: str, removed: list[str]) -> Any:
        if path in self.rules.allowed_paths:
            return value
        if path in self.rules.paths or (self._is_secret_key(key) and _may_hold_secret(key, value)):
            removed.append(f"details.{path}")
            return MARK
        return self._clean(value, path, removed)


def _may_hold_secret(key: str, value: Any) -> bool:
    """Flags, blanks and counts (`max_tokens: 512`) under a secret's name are no secrets."""
    if isinstance(value, dict):
        return any(_may_hold_secret(key, inner) for inner in value.values())
    if isinstance(value, list):
        return any(_may_hold_secret(key, inner) for inner in value)
    if isinstance(value, int | float):
        return not isinstance(value, bool) and "token" not in key.lower()
    return bool(value) and value != MARK


def _encode(details: Any) -> bytes:
    encoded = _ENCODER.encode(details)
    if len(encoded) > MAX_DETAILS_BYTES:
        raise Rejected(
            Reason.DETAILS_TOO_LARGE,
            f"`details` takes {len(encoded):,} bytes; {MAX_DETAILS_BYTES:,} are allowed.",
            "details",
        )
    return encoded


def _check_depth(value: Any, remaining: int) -> None:
    if remaining < 0:
        raise Rejected(
            Reason.DETAILS_TOO_DEEP,
            f"`details` is nested more than {MAX_DETAILS_DEPTH} levels deep.",
            "details",
        )
    if isinstance(value, dict):
        for inner in value.values():
            _check_depth(inner, remaining - 1)
    elif isinstance(value, list):
        for inner in value:
            _check_depth(inner, remaining - 1)
