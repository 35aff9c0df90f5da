/** Moves the focus from row to row of a list; without one in focus, to the first. */
export function moveFocus(list: HTMLElement | null, by: 1 | -1): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  // The order in the document is not the one on screen: rows are put in their places one by one.
  rows.sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top);
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at < 0 ? rows[0] : rows[at + by];
  next?.focus();
}
