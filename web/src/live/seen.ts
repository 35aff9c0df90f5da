/** Which events were seen: after a change of the tab that reads, some may come again. */
import type { Event } from "../api/event";

const KEPT = 5_000;

export class Seen {
  private readonly places = new Set<string>();

  /** Those that were not seen before, each once. */
  fresh(events: readonly Event[]): Event[] {
    return events.filter((event) => {
      // The place in the log, not the id: a sender may use an id again after a week.
      const place = `${String(event.node)}.${String(event.node_seq)}`;
      if (this.places.has(place)) {
        return false;
      }
      this.places.add(place);
      this.forgetOldest();
      return true;
    });
  }

  private forgetOldest(): void {
    if (this.places.size > KEPT) {
      const [oldest] = this.places;
      this.places.delete(oldest ?? "");
    }
  }
}
