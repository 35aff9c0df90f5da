"""What a call can end with, other than its answer.

ClientError             the server said no: `problem` is its RFC 9457 document
├── Unavailable         no answer, or "not now" (`retry_after` in seconds), after all retries
└── IncompleteExport    the file ended before the server said how many rows it has
"""

from __future__ import annotations

from trailkeeper.errors import Problem


class ClientError(Exception):
    """The server refused; branch on `code`, show `detail` and `hint` to people."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.problem = problem

    @property
    def code(self) -> str:
        return self.problem.code

    @property
    def detail(self) -> str:
        return self.problem.detail

    @property
    def hint(self) -> str | None:
        return self.problem.hint

    @property
    def status(self) -> int:
        """The HTTP status; 503 also where no answer came at all."""
        return self.problem.status


class Unavailable(ClientError):
    """The server is down, busy or out of reach. The same call may work later."""

    def __init__(self, problem: Problem, retry_after: float | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class IncompleteExport(ClientError):
    """The stream ended early, or its rows are not as many as its trailer says."""


def local_problem(code: str, detail: str, *, status: int, hint: str | None = None) -> Problem:
    """A problem document for what the client itself found."""
    return Problem(
        type=f"urn:trailkeeper:problem:{code.lower().replace('_', '-')}",
        title="Problem found by the client",
        status=status,
        code=code,
        detail=detail,
        hint=hint,
    )
