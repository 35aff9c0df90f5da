/** Places of sign-ins, as the map and its table show them. */

import type { Place } from "../../api/places";
import { toTerm } from "./links";

/** From this share of failures on, a place stands out. */
export const MANY_FAILED = 0.2;

export function failedShare(place: Pick<Place, "succeeded" | "failed">): number {
  const all = place.succeeded + place.failed;
  return all === 0 ? 0 : place.failed / all;
}

/** The search for the sign-ins of one place. */
export function placeQuery(place: Pick<Place, "country" | "city">): string {
  const city = place.city === null ? 'city:""' : toTerm("city", place.city);
  return `action:(LOGIN OR LOGIN_FAILED) ${toTerm("country", place.country)} ${city}`;
}
