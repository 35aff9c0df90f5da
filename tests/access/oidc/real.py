"""The certified provider on loopback, and a person who fills in its forms."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import httpx2

PUBLIC_URL: Final = "https://audit.example.test"
CALLBACK: Final = f"{PUBLIC_URL}/sign-in/oidc/callback"
FOLDER: Final = Path(__file__).parents[2] / "oidc_provider"
FORM: Final = re.compile(r'<form autocomplete="off" action="([^"]+)"')
PROMPT: Final = re.compile(r'name="prompt" value="(\w+)"')
CANCEL: Final = re.compile(r'href="([^"]+/abort)"')
SECRET: Final = "a secret: 100% + / of it"
MAX_STEPS: Final = 12


@dataclass(frozen=True)
class RealProviders:
    """Two providers of one process. The first gives claims at UserInfo alone and takes the
    client's secret as HTTP Basic, the second gives them in ID tokens and takes it in the body.
    """

    issuer: str
    other_issuer: str
    control: str

    def set_account(self, login: str, **claims: Any) -> None:
        """What the providers say of whoever signs in with this login."""
        httpx2.post(f"{self.control}/accounts", json={login: claims}).raise_for_status()

    def rotate_keys(self) -> None:
        """New signing keys; the old ones are published no longer."""
        httpx2.post(f"{self.control}/rotate").raise_for_status()

    async def sign_in(self, location: str, login: str, *, is_refusing: bool = False) -> str:
        """Signs in and consents in a browser without cookies; the address it is sent back to."""
        async with httpx2.AsyncClient() as browser:
            answer = await browser.get(location)
            for _ in range(MAX_STEPS):
                if answer.is_redirect:
                    location = urljoin(str(answer.url), answer.headers["location"])
                    if location.startswith(PUBLIC_URL):
                        return location
                    answer = await browser.get(location)
                elif is_refusing:
                    answer = await browser.get(_found(CANCEL, answer))
                else:
                    form = {"prompt": _found(PROMPT, answer), "login": login, "password": "any"}
                    answer = await browser.post(_found(FORM, answer), data=form)
        raise AssertionError(f"no way back from {location}")


def _found(pattern: re.Pattern[str], answer: httpx2.Response) -> str:
    match = pattern.search(answer.text)
    assert match is not None, (answer.status_code, answer.text[:2000])
    return match.group(1)


@contextmanager
def running_providers(callback: str = CALLBACK) -> Iterator[RealProviders]:
    """Ends with the block. `callback` is where they send people back to."""
    assert (FOLDER / "node_modules").is_dir(), f"run `npm ci` in {FOLDER}; `make test` does"
    process = subprocess.Popen(
        ["node", "server.mjs", json.dumps({"redirectUri": callback})],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        told = json.loads(process.stdout.readline())
        issuer, other_issuer = told["issuers"]
        yield RealProviders(issuer, other_issuer, told["control"])
    finally:
        # The process ends with its input, so none is left behind whatever happens to us.
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
