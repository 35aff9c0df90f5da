/** The parts of an event below its header. */
export const TABS = ["changes", "details", "context", "raw"] as const;
export type Tab = (typeof TABS)[number];
