import { useMounted } from "@mantine/hooks";

/**
 * Whether a dialog is open, for one that is loaded when it is first asked for: closed in the moment
 * that it appears. Mantine remembers where the focus was only when it sees a dialog open.
 */
export function useOpening(isOpen: boolean): boolean {
  const isThere = useMounted();
  return isOpen && isThere;
}
