"""Where an address and a user agent are from, for whoever is not an event: sign-ins."""

from __future__ import annotations

from trailkeeper.access.signin.devices import Locate, Whereabouts
from trailkeeper.capture.enrich import UNKNOWN_PLACE, GeoDatabase, read_agent


def locator(geo: GeoDatabase | None) -> Locate:
    """Reads as `Enricher` does: what an event of the sign-in will say, the session says too."""

    def locate(address: str | None, user_agent: str) -> Whereabouts:
        place = geo.place(address) if geo is not None and address else UNKNOWN_PLACE
        agent = read_agent(user_agent) if user_agent else None
        if agent is None:
            return Whereabouts(place.country, place.city)
        device = " on ".join(each for each in (agent.browser, agent.os) if each)
        return Whereabouts(place.country, place.city, device or agent.device)

    return locate
