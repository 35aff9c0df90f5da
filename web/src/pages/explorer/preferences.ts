import { useCallback, useSyncExternalStore } from "react";

import type { FacetField } from "../../api/events";

/** What a browser remembers of how its user likes the Explorer; never what is searched. */

export const DENSITIES = ["compact", "normal", "roomy"] as const;
export type Density = (typeof DENSITIES)[number];

/** Heights of a row in pixels. At least 24, so that a check box in it can be hit. */
export const ROW_HEIGHTS: Record<Density, number> = { compact: 26, normal: 32, roomy: 40 };

const KEYS = { density: "trailkeeper.density", facets: "trailkeeper.facets" };
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function keep(key: string, text: string): void {
  window.localStorage.setItem(key, text);
  for (const listener of listeners) listener();
}

export function useDensity(): [Density, (density: Density) => void] {
  const kept = useSyncExternalStore(subscribe, () => window.localStorage.getItem(KEYS.density));
  const density = DENSITIES.find((each) => each === kept) ?? "normal";
  const set = useCallback((next: Density) => {
    keep(KEYS.density, next);
  }, []);
  return [density, set];
}

/** The fields that are counted from the start, and those that are when asked for. */
export const FACETS: readonly FacetField[] = [
  "action",
  "resource_type",
  "status",
  "user_email",
  "source",
  "country",
];
export const FURTHER_FACETS: readonly FacetField[] = [
  "resource_name",
  "ip_address",
  "city",
  "browser",
  "os",
  "device",
  "on_behalf_of",
  "user_id",
  "resource_id",
];

export const ALL_FACETS: readonly FacetField[] = [...FACETS, ...FURTHER_FACETS];

export function useOpenFacets(): [readonly FacetField[], (field: FacetField) => void] {
  const kept = useSyncExternalStore(
    subscribe,
    () => window.localStorage.getItem(KEYS.facets) ?? "",
  );
  const names = kept.split(",");
  const open = FURTHER_FACETS.filter((field) => names.includes(field));
  const toggle = useCallback((field: FacetField) => {
    const now = new Set((window.localStorage.getItem(KEYS.facets) ?? "").split(","));
    if (!now.delete(field)) now.add(field);
    keep(KEYS.facets, [...now].filter((each) => each !== "").join(","));
  }, []);
  return [open, toggle];
}
