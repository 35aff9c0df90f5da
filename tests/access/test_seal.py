"""Sealed secrets open for their owner alone."""

from __future__ import annotations

import pytest

from trailkeeper.access.seal import Sealer
from trailkeeper.errors import Unavailable

SEALER = Sealer.from_secret_key("a secret key for tests, 32+ characters")
OTHER = Sealer.from_secret_key("another secret key, of 32+ characters")


def test_what_was_sealed_opens_again_and_never_looks_the_same() -> None:
    first, second = (SEALER.seal("näive secret", "totp:anna") for _ in range(2))

    assert first != second
    assert SEALER.open(first, "totp:anna") == SEALER.open(second, "totp:anna") == "näive secret"


@pytest.mark.parametrize(
    ("sealer", "owner", "cut"),
    [(OTHER, "totp:anna", 0), (SEALER, "totp:bert", 0), (SEALER, "totp:anna", 4)],
)
def test_another_key_owner_or_text_is_refused(sealer: Sealer, owner: str, cut: int) -> None:
    sealed = SEALER.seal("secret", "totp:anna")

    with pytest.raises(Unavailable) as error:
        sealer.open(sealed[cut:], owner)

    assert error.value.code == "SECRET_UNREADABLE"


def test_the_key_is_not_shown() -> None:
    assert "key" not in repr(SEALER)
