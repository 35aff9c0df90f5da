import { count } from "./numbers";

/** What keeps an address in or out. */
export const addresses = {
  title: "Address",
  titleMany: "Addresses",
  search: "All of its events",
  open: "Nothing keeps this address out.",
  isAllowed: (by: string) => `The allow-list lets this address in: ${by}.`,
  isKeptOut: "The allow-list does not hold this address: it is kept out.",
  isBlocked: (by: string) => `Blocked: ${by}.`,
  isYours: "This is your own address: blocking it would lock you out.",
  block: "Block this address",
  unblock: "Unblock",
  unblockWide: (network: string) => `This unblocks all of ${network}, not this address alone.`,
  unblockHint: "People and keys may come in from there again.",
  unblockQuestion: (network: string) => `Let ${network} in again?`,
  allow: "Add to the allow-list",
  blockTitle: (address: string) => `Block ${address}`,
  blockIntro:
    "Nobody gets in from there any more, neither people nor keys, whatever the " +
    "allow-lists say. It counts at once here, and within 5 seconds everywhere.",
  allowTitle: (address: string) => `Add ${address} to the allow-list`,
  allowIntro: "People and keys may come in from there.",
  note: "Note",
  noteHint: "Why, for whoever looks at the list next.",
  fromDetection: (title: string) => `From the detection: ${title}`,
  cancel: "Cancel",
  blocked: (address: string) => `${address} is blocked.`,
  unblocked: (network: string) => `${network} is no longer blocked.`,
  allowed: (address: string) => `${address} is on the allow-list.`,
  sessions: (n: number) =>
    n === 1 ? "is signed in from here." : `is signed in ${count(n)} times from here.`,
  endSessions: "Sign out",
  endQuestion: "End these sessions now? Whoever has them must sign in again.",
  ended: (n: number) => (n === 1 ? "1 session was ended." : `${count(n)} sessions were ended.`),
  permission: "Blocking and allowing addresses needs “security:manage”.",
} as const;
