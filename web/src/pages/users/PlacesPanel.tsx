import { Skeleton } from "@mantine/core";

import type { UserInsight } from "../../api/insight";
import { EmptyState } from "../../parts/EmptyState";
import { Panel } from "../../parts/Panel";
import { WorldMap } from "../../parts/WorldMap";
import { t } from "../../texts";
import classes from "./PlacesPanel.module.css";
import { PlacesTable } from "./PlacesTable";
import { placeName, pointsOf } from "./places";

const words = t.users.overview;

/** Where somebody acted from: on a map, and the same as a table. */
export function PlacesPanel({ insight }: { insight: UserInsight | undefined }) {
  const known = insight?.places.filter((place) => place.country !== "");
  return (
    <Panel title={words.places} counts={words.placesCounts}>
      {known === undefined ? (
        <Skeleton height={320} />
      ) : known.length === 0 ? (
        <EmptyState title={words.placesEmpty} isCompact />
      ) : (
        <div className={classes.both}>
          <WorldMap
            points={pointsOf(known)}
            label={words.placesMap(known.map(placeName).join("; "))}
          />
          <PlacesTable places={known} />
        </div>
      )}
    </Panel>
  );
}
