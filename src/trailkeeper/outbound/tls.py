"""How far ends prove who they are. There is no way to switch it off."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx2

from trailkeeper.errors import ConfigurationError


def client_context(extra_ca: Path | None = None) -> ssl.SSLContext:
    """Checks certificates and names against the system's authorities, and those in `extra_ca`.

    Raises ConfigurationError(OUTBOUND_CA_UNUSABLE) where the file holds no certificates.
    """
    context = httpx2.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if extra_ca is not None:
        try:
            context.load_verify_locations(cafile=extra_ca)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(
                "OUTBOUND_CA_UNUSABLE",
                f"TRAILKEEPER_OUTBOUND_CA: {extra_ca} cannot be used: {error}",
                hint="Name a file of certificates in PEM form.",
                field="TRAILKEEPER_OUTBOUND_CA",
            ) from error
    return context


def tls_fault(error: BaseException) -> str | None:
    """What TLS found wrong, where that is what lies behind an error; else None."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return f"its certificate is not valid: {seen.verify_message}"
        if isinstance(seen, ssl.SSLError):
            return "there was no agreement on TLS"
        seen = seen.__cause__ or seen.__context__
    return None
