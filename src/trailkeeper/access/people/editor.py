"""Who changes people and roles, and how far they may go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trailkeeper.access.trail import Requester, operator
from trailkeeper.errors import Forbidden
from trailkeeper.principal import Permission, Principal


@dataclass(frozen=True, slots=True)
class Editor:
    """Who makes a change: for the trail, and for what they may hand out.

    Without `principal` it is the service itself or its operator, whom nothing bounds.
    """

    requester: Requester
    principal: Principal | None = None

    def covers(self, permissions: Collection[Permission]) -> bool:
        """Whether the editor may do all of this themself."""
        return self.principal is None or all(self.principal.may(each) for each in permissions)

    def check_covers(self, permissions: Collection[Permission], field: str = "permissions") -> None:
        """Raises Forbidden(PERMISSIONS_TOO_WIDE)."""
        if self.principal is None:
            return
        wider = sorted(each for each in permissions if not self.principal.may(each))
        if wider:
            raise Forbidden(
                "PERMISSIONS_TOO_WIDE",
                f"You cannot grant or take what you may not do yourself: {', '.join(wider)}.",
                field=field,
            )


def operating() -> Editor:
    """Whoever runs a command on the server itself."""
    return Editor(operator())
