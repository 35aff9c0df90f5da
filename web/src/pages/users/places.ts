import type { UserInsight } from "../../api/insight";
import type { MapPoint } from "../../parts/WorldMap";

export type UserPlace = UserInsight["places"][number];

/** `Berlin, DE`; the country alone where no city is known. */
export function placeName(place: Pick<UserPlace, "city" | "country">): string {
  return place.city === null || place.city === ""
    ? place.country
    : `${place.city}, ${place.country}`;
}

/** Places that can be drawn; those without coordinates stand in the table only. */
export function pointsOf(places: readonly UserPlace[]): MapPoint[] {
  return places.flatMap(({ latitude, longitude, ...place }) =>
    latitude === null || longitude === null
      ? []
      : [
          {
            key: placeName(place),
            label: placeName(place),
            latitude,
            longitude,
            count: place.count,
          },
        ],
  );
}
