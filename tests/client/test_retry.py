"""Back-off and Retry-After: pure arithmetic, and what the client does with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.far_end import Answer, far_end
from trailkeeper.client import Client, ClientError, RetryPolicy, Unavailable
from trailkeeper.client.retry import parse_retry_after

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
RECEIPT = (
    b'{"id":"e-1","status":"committed","received_at":"2026-11-24T12:00:00Z","node":1,"node_seq":7}'
)
BUSY = msgspec.json.encode(
    {
        "type": "urn:trailkeeper:problem:queue-full",
        "title": "Temporarily unavailable",
        "status": 503,
        "code": "QUEUE_FULL",
        "detail": "Too much is waiting.",
    }
)


class Sleeper:
    """Takes the place of time.sleep and keeps what was asked of it."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def sleeper() -> Sleeper:
    return Sleeper()


def client_for(url: str, sleeper: Sleeper) -> Client:
    return Client(url, "tk_test", retry=RetryPolicy(sleep=sleeper, jitter=lambda: 1.0))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3", 3.0),
        (" 0 ", 0.0),
        (format_datetime(NOW + timedelta(seconds=9), usegmt=True), 9.0),
        (format_datetime(NOW - timedelta(seconds=9), usegmt=True), 0.0),
        ("soon", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str | None, seconds: float | None) -> None:
    assert parse_retry_after(text, NOW) == seconds


@given(
    retry=st.integers(1, 50),
    jitter=st.floats(0, 1),
    retry_after=st.none() | st.floats(0, 60),
)
def test_a_pause_is_never_shorter_than_the_server_asked_nor_longer_than_the_ceiling(
    retry: int, jitter: float, retry_after: float | None
) -> None:
    policy = RetryPolicy(retries=50, jitter=lambda: jitter)
    pause = policy.pause_before(retry, retry_after)
    assert pause is not None
    assert pause >= (retry_after or 0)
    assert pause <= max(policy.longest_pause, retry_after or 0)


def test_it_gives_up_after_its_retries_and_on_a_wait_beyond_its_patience() -> None:
    policy = RetryPolicy(retries=3)
    assert policy.pause_before(3, None) is not None
    assert policy.pause_before(4, None) is None
    assert policy.pause_before(1, policy.longest_retry_after + 1) is None


def test_a_busy_server_is_asked_again_after_its_retry_after_with_the_same_id(
    sleeper: Sleeper,
) -> None:
    busy = Answer(503, BUSY, {"Retry-After": "7"})
    with far_end(busy, busy, Answer(201, RECEIPT)) as server, client_for(server.url, sleeper) as c:
        receipt = c.record("CREATE", "PROJECT", resource_id="p-1")
    assert receipt.node_seq == 7
    assert sleeper.slept == [7.0, 7.0]
    bodies = [msgspec.json.decode(asked.body) for asked in server.asked]
    assert len({body["id"] for body in bodies}) == 1
    assert bodies[0]["action"] == "CREATE"


def test_a_lost_answer_is_asked_for_again_with_the_same_id(sleeper: Sleeper) -> None:
    with (
        far_end(Answer(hang_up=True), Answer(200, RECEIPT)) as server,
        client_for(server.url, sleeper) as client,
    ):
        client.record("CREATE", "PROJECT")
    first, second = [msgspec.json.decode(asked.body)["id"] for asked in server.asked]
    assert first == second
    assert len(sleeper.slept) == 1


def test_without_end_it_raises_unavailable_with_the_wait(sleeper: Sleeper) -> None:
    with (
        far_end(Answer(503, BUSY, {"Retry-After": "2"})) as server,
        client_for(server.url, sleeper) as client,
        pytest.raises(Unavailable) as raised,
    ):
        client.search()
    assert raised.value.code == "QUEUE_FULL"
    assert raised.value.retry_after == 2
    assert len(server.asked) == 1 + RetryPolicy().retries


def test_a_full_disk_is_waited_for_as_it_may_be_cleared(sleeper: Sleeper) -> None:
    full = Answer(507, BUSY.replace(b"503", b"507"))
    with (
        far_end(full, Answer(201, RECEIPT)) as server,
        client_for(server.url, sleeper) as client,
    ):
        assert client.record("CREATE", "PROJECT").node_seq == 7
    assert len(sleeper.slept) == 1


def test_a_new_key_is_not_made_twice_when_its_answer_is_lost(sleeper: Sleeper) -> None:
    with (
        far_end(Answer(hang_up=True)) as server,
        client_for(server.url, sleeper) as client,
        pytest.raises(Unavailable) as raised,
    ):
        client.create_key("ci", ["event:write"])
    assert raised.value.code == "NO_ANSWER"
    assert len(server.asked) == 1


def test_nothing_listening_is_unavailable(sleeper: Sleeper) -> None:
    with far_end(Answer()) as server:
        url = server.url
    with client_for(url, sleeper) as client, pytest.raises(Unavailable) as raised:
        client.search()
    assert raised.value.code == "SERVER_UNREACHABLE"
    assert raised.value.hint is not None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_refusal_is_not_retried(status: int, sleeper: Sleeper) -> None:
    body = BUSY.replace(b"503", str(status).encode())
    with (
        far_end(Answer(status, body)) as server,
        client_for(server.url, sleeper) as client,
        pytest.raises(ClientError) as raised,
    ):
        client.search()
    assert not isinstance(raised.value, Unavailable)
    assert raised.value.status == status
    assert len(server.asked) == 1


def test_a_proxy_s_own_error_page_is_told_from_trailkeeper_s(sleeper: Sleeper) -> None:
    with (
        far_end(Answer(418, b"<h1>teapot</h1>")) as server,
        client_for(server.url, sleeper) as client,
        pytest.raises(ClientError) as raised,
    ):
        client.search()
    assert raised.value.code == "HTTP_418"
    assert "teapot" in raised.value.detail


def test_another_service_behind_the_url_is_noticed(sleeper: Sleeper) -> None:
    with (
        far_end(Answer(200, b"<h1>hello</h1>")) as server,
        client_for(server.url, sleeper) as client,
        pytest.raises(ClientError) as raised,
    ):
        client.search()
    assert raised.value.code == "UNEXPECTED_ANSWER"


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://host", "http://", "http://["])
def test_what_is_no_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="is not a URL"):
        Client(url, "tk_test")


@pytest.mark.parametrize("key", ["", "tk a", "tk_ä", "tk_a\n"])
def test_what_can_be_no_key_is_refused_at_once(key: str) -> None:
    with pytest.raises(ValueError, match="API key"):
        Client("http://127.0.0.1:1", key)
