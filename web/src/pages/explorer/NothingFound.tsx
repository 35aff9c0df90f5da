import { IconSearchOff } from "@tabler/icons-react";
import { useMemo } from "react";

import { useMe } from "../../api/me";
import { visibleText } from "../../parts/plainText";
import { removeTerm, valuesOf } from "../../query/edit";
import { termsOf } from "../../query/terms";
import { t } from "../../texts";
import { formatTime } from "../../time/format";
import { boundsOf, PRESET_SECONDS, PRESETS } from "../../time/range";
import { useNow } from "../../time/useNow";
import { useZone } from "../../time/zone";
import { useExplorer } from "./ExplorerContext";
import classes from "./NothingFound.module.css";
import { NothingOfUser } from "./NothingOfUser";
import { WayOut } from "./WayOut";
import type { Rows } from "./useRows";

export interface NothingFoundProps {
  rows: Rows;
}

/** Filters that are tried without; more of them would be more questions than anybody reads. */
const TRIED = 6;
const ASK_AGAIN_MS = 300_000;

/** Why nothing is shown, and what would be with one step: range, filters, user, permission. */
export function NothingFound({ rows }: NothingFoundProps) {
  const { q, bounds, search, filter, scope, setQuery, setRange } = useExplorer();
  const { zone, label } = useZone();
  const { organization } = useMe();
  const terms = useMemo(() => (termsOf(q) ?? []).slice(0, TRIED), [q]);
  // Not often anew: each time is another question of how much there is.
  const now = useNow(ASK_AGAIN_MS);
  const length = Date.parse(bounds.end_date) - Date.parse(bounds.start_date);
  const wider = PRESETS.filter(
    (preset) =>
      search.range !== preset &&
      (search.range === "custom" || PRESET_SECONDS[preset] * 1000 > length),
  );
  const userIds =
    scope !== undefined && "user_id" in scope ? [scope.user_id] : valuesOf(q, "user_id");
  const { nothing } = t.explorer;
  return (
    <div className={classes.nothing} role="status">
      <div className={classes.head}>
        <IconSearchOff size={24} aria-hidden />
        <h2 className={classes.title}>{nothing.title}</h2>
      </div>
      <section>
        <h3 className={classes.subtitle}>{nothing.rangeTitle}</h3>
        <p className={classes.text}>
          {nothing.range(
            formatTime(bounds.start_date, zone, "full"),
            formatTime(bounds.end_date, zone, "full"),
            label,
          )}
        </p>
        <div className={classes.ways}>
          {wider.map((preset) => (
            <WayOut
              key={preset}
              label={nothing.widen(nothing.presets[preset])}
              filter={{ ...filter, ...boundsOf({ range: preset }, now) }}
              onTake={() => {
                setRange({ range: preset });
              }}
            />
          ))}
        </div>
      </section>
      <section>
        <h3 className={classes.subtitle}>{nothing.filtersTitle}</h3>
        <p className={classes.text}>{terms.length > 0 ? nothing.filters : nothing.noFilters}</p>
        <div className={classes.ways}>
          {terms.map((term, at) => {
            const left = removeTerm(q, at);
            return (
              <WayOut
                key={term.start}
                label={nothing.without(visibleText(term.text))}
                filter={{ ...filter, q: left === "" ? undefined : [left] }}
                onTake={() => {
                  setQuery(left);
                }}
              />
            );
          })}
          {terms.length > 1 && (
            <WayOut
              label={nothing.resetAll}
              filter={{ ...filter, q: undefined }}
              onTake={() => {
                setQuery("");
              }}
            />
          )}
        </div>
      </section>
      {userIds.map((userId) => (
        <NothingOfUser key={userId} userId={userId} />
      ))}
      <section>
        <h3 className={classes.subtitle}>{nothing.permissionTitle}</h3>
        <p className={classes.text}>{nothing.permission(visibleText(organization.name))}</p>
      </section>
      {rows.coverage !== undefined && (
        <section>
          <h3 className={classes.subtitle}>{nothing.arrivalTitle}</h3>
          <p className={classes.text}>
            {nothing.arrival(formatTime(rows.coverage.committed_upto, zone, "full"))}
          </p>
        </section>
      )}
    </div>
  );
}
