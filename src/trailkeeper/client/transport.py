"""HTTP to one Trailkeeper server: authentication, retries, problem documents."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec

from trailkeeper import __version__
from trailkeeper.client.errors import ClientError, Unavailable, local_problem
from trailkeeper.client.retry import RETRIED_STATUS, RetryPolicy, parse_retry_after
from trailkeeper.errors import Problem

Query = Sequence[tuple[str, str]]
T = TypeVar("T")

DEFAULT_TIMEOUT: Final = 30.0
SHOWN_BODY_CHARACTERS: Final = 200


class Transport:
    """Sends requests to one server as one API key; safe to share between threads."""

    def __init__(self, url: str, api_key: str | None, timeout: float, retry: RetryPolicy) -> None:
        self._retry = retry
        self.url = checked_url(url)
        self._http = httpx2.Client(
            base_url=self.url,
            headers=_headers(api_key),
            timeout=timeout,
            # A proxy from the environment must not swallow calls to this very machine.
            trust_env=not _is_loopback(self.url),
        )

    def close(self) -> None:
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Query = (),
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
    ) -> httpx2.Response:
        """The 2xx answer. `repeatable` says that doing it twice is the same as once.

        Raises Unavailable when retries ran out, ClientError for any other refusal.
        """
        request = self._http.build_request(
            method, path, params=list(params), content=content, headers=headers
        )
        return self._attempt(lambda: self._once(request, stream=False), repeatable)

    @contextmanager
    def stream(
        self,
        path: str,
        params: Query,
        *,
        headers: Mapping[str, str] | None = None,
        quiet_seconds: float | None = None,
    ) -> Iterator[httpx2.Response]:
        """A GET whose body is read by the caller; retried only up to its first byte.

        `quiet_seconds` is how long nothing may come, where that is not the client's timeout.
        """
        timeout = self._http.timeout if quiet_seconds is None else _quiet(quiet_seconds)
        request = self._http.build_request(
            "GET", path, params=list(params), headers=headers, timeout=timeout
        )
        response = self._attempt(lambda: self._once(request, stream=True), repeatable=True)
        try:
            yield response
        finally:
            response.close()

    def probe(self, path: str) -> httpx2.Response:
        """One try of a GET, whatever its status. Raises Unavailable where no answer came."""
        try:
            return self._http.get(path)
        except httpx2.RequestError as error:
            raise _unreachable(self.url, error) from error

    def get(self, path: str, type_: type[T], params: Query = ()) -> T:
        return decoded(self.send("GET", path, params=params), type_)

    def post(
        self, path: str, type_: type[T], body: Mapping[str, Any], *, repeatable: bool = True
    ) -> T:
        return self._with_body("POST", path, type_, body, repeatable)

    def change(self, method: str, path: str, type_: type[T], body: Mapping[str, Any]) -> T:
        """A PUT or PATCH: done twice is the same as once."""
        return self._with_body(method, path, type_, body, repeatable=True)

    def _with_body(
        self, method: str, path: str, type_: type[T], body: Mapping[str, Any], repeatable: bool
    ) -> T:
        response = self.send(
            method,
            path,
            content=msgspec.json.encode(body),
            headers={"Content-Type": "application/json"},
            repeatable=repeatable,
        )
        return decoded(response, type_)

    def _attempt(self, once: Callable[[], httpx2.Response], repeatable: bool) -> httpx2.Response:
        retry = 0
        while True:
            try:
                return once()
            except Unavailable as error:
                retry += 1
                pause = self._retry.pause_before(retry, error.retry_after)
                # No answer to a call that may not be doubled: it may have been carried out.
                if pause is None or (error.code == "NO_ANSWER" and not repeatable):
                    raise
                self._retry.sleep(pause)

    def _once(self, request: httpx2.Request, *, stream: bool) -> httpx2.Response:
        try:
            response = self._http.send(request, stream=stream)
            if response.is_success:
                return response
            response.read()
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise _unreachable(self.url, error) from error
        except httpx2.RequestError as error:
            raise _no_answer(self.url, error) from error
        raise _refusal(response)


def _quiet(seconds: float) -> httpx2.Timeout:
    return httpx2.Timeout(DEFAULT_TIMEOUT, read=seconds)


def checked_url(url: str) -> str:
    """The server's address without a slash at its end. Raises ValueError."""
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise ValueError(f"{url!r} is not a URL such as http://127.0.0.1:8080")
    return url.rstrip("/")


def decoded(response: httpx2.Response, type_: type[T]) -> T:
    """The body as `type_`; fields that this client does not know yet are passed over."""
    try:
        return msgspec.json.decode(response.content, type=type_)
    except msgspec.DecodeError as error:
        raise ClientError(
            local_problem(
                "UNEXPECTED_ANSWER",
                f"{response.request.url} answered something else than Trailkeeper would: {error}",
                status=response.status_code,
                hint="Check the URL: it must be the address of a Trailkeeper server.",
            )
        ) from error


def _headers(api_key: str | None) -> dict[str, str]:
    headers = {"User-Agent": f"trailkeeper-client/{__version__}"}
    if api_key is not None:
        if not (api_key.isascii() and api_key.isprintable() and " " not in api_key and api_key):
            raise ValueError("an API key is one word of ASCII characters, tk_…")
        headers["Authorization"] = f"Bearer {api_key}"
    return headers


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unreachable(url: str, error: httpx2.RequestError) -> Unavailable:
    return Unavailable(
        local_problem(
            "SERVER_UNREACHABLE",
            f"no connection to {url}: {error}",
            status=503,
            hint="Is the server running there? `trailkeeper serve` starts one.",
        )
    )


def _no_answer(url: str, error: httpx2.RequestError) -> Unavailable:
    reason = str(error) or type(error).__name__
    return Unavailable(
        local_problem(
            "NO_ANSWER",
            f"the connection to {url} ended without an answer: {reason}",
            status=503,
            hint="The call may or may not have been carried out: look before you repeat it.",
        )
    )


def _refusal(response: httpx2.Response) -> ClientError:
    problem = _problem_of(response)
    if response.status_code not in RETRIED_STATUS:
        return ClientError(problem)
    retry_after = parse_retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
    return Unavailable(problem, retry_after)


def _problem_of(response: httpx2.Response) -> Problem:
    try:
        return msgspec.json.decode(response.content, type=Problem)
    except msgspec.DecodeError:
        # Not from Trailkeeper: a proxy in between, or another service.
        text = response.content[:SHOWN_BODY_CHARACTERS].decode(errors="replace").strip()
        return local_problem(
            f"HTTP_{response.status_code}",
            f"{response.request.url} answered {response.status_code}: {text or 'no body'}",
            status=response.status_code,
            hint="This is not an answer of Trailkeeper: check the URL and any proxy in between.",
        )
