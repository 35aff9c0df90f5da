import { useQuery } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";

import { meQuery } from "../api/me";
import { t } from "../texts";

export type ZoneChoice = "local" | "utc" | "organization";
export const ZONE_CHOICES: readonly ZoneChoice[] = ["local", "utc", "organization"];

const KEY = "trailkeeper.zone";
const listeners = new Set<() => void>();

function isChoice(text: string | null): text is ZoneChoice {
  return ZONE_CHOICES.some((choice) => choice === text);
}

/** What this browser remembers; at first the viewer's own zone. */
export function readZoneChoice(): ZoneChoice {
  const kept = window.localStorage.getItem(KEY);
  return isChoice(kept) ? kept : "local";
}

export function keepZoneChoice(choice: ZoneChoice): void {
  window.localStorage.setItem(KEY, choice);
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The IANA zone that a choice comes to. Without an organization's zone, its choice is UTC. */
export function zoneOf(choice: ZoneChoice, organizationZone: string | undefined): string {
  const zones = { local: localZone(), utc: "UTC", organization: organizationZone ?? "UTC" };
  return zones[choice];
}

export interface Zone {
  /** IANA name. */
  zone: string;
  choice: ZoneChoice;
  setChoice: (choice: ZoneChoice) => void;
  /** As shown: `Europe/Berlin`, `UTC`. */
  label: string;
}

/**
 * The zone that all times of the console are shown in: the viewer's choice, kept by the browser.
 */
export function useZone(): Zone {
  const choice = useSyncExternalStore(subscribe, readZoneChoice);
  // Reads what is loaded and asks nothing: sign-in pages have nobody to ask about.
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  const setChoice = useCallback((next: ZoneChoice) => {
    keepZoneChoice(next);
  }, []);
  const zone = zoneOf(choice, me?.organization.time_zone);
  return { zone, choice, setChoice, label: zone === "UTC" ? t.parts.zone.utc : zone };
}
