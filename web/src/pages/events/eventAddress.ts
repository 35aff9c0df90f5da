/** The address of an event's own page, to be handed on. */
export function eventAddress(id: string): string {
  return `${window.location.origin}/events/${encodeURIComponent(id)}`;
}
