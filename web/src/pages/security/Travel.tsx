import { geoDistance } from "d3-geo";

import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { When } from "../../time/When";
import { Plain } from "../../parts/Plain";
import classes from "./Travel.module.css";
import type { Stop } from "./travel";
import { TravelMap } from "./TravelMap";

export interface TravelProps {
  from: Stop;
  to: Stop;
}

const EARTH_KM = 6371;

/** Two places and the shortest way between them; the same in words below. */
export function Travel({ from, to }: TravelProps) {
  const words = t.security.travel;
  const km = EARTH_KM * geoDistance([from.longitude, from.latitude], [to.longitude, to.latitude]);
  const label = words.label(visibleText(from.name), visibleText(to.name), km);
  return (
    <figure className={classes.figure}>
      <TravelMap from={from} to={to} label={label} />
      <figcaption className={classes.words}>
        {[from, to].map((stop, index) => (
          <span key={stop.eventId}>
            <strong>{words.numbers[index]}</strong> <Plain text={stop.name} />{" "}
            <span className="tk-dim">
              <When at={stop.at} kind="absolute" /> · <Plain text={stop.address} isMono />
            </span>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
