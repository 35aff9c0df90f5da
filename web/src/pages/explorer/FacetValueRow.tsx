import { IconBan, IconCheck } from "@tabler/icons-react";

import type { FacetField } from "../../api/events";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { toggleFilter } from "../../query/edit";
import { t } from "../../texts";
import { compact, count as exact } from "../../texts/numbers";
import { useExplorer } from "./ExplorerContext";
import classes from "./Facets.module.css";

export interface FacetValueRowProps {
  field: FacetField;
  /** Null where the field is absent. */
  value: string | null;
  count: number;
  /** Of the most frequent value's count. */
  share: number;
  /** Whether the query wants the value, or leaves it out. */
  side: "in" | "out" | undefined;
}

/** A value to filter for with a click, or to filter out with the button at its end. */
export function FacetValueRow({ field, value, count, share, side }: FacetValueRowProps) {
  const { q, setQuery, filterOut, filterFor } = useExplorer();
  const text = value ?? t.explorer.facets.absent;
  const spoken = visibleText(text);
  return (
    <div className={classes.value} data-side={side}>
      <span className={classes.bar} style={{ width: `${String(share * 100)}%` }} aria-hidden />
      <button
        type="button"
        role="checkbox"
        aria-checked={side === "in"}
        className={classes.toggle}
        title={spoken}
        onClick={() => {
          setQuery(toggleFilter(q, field, value));
        }}
      >
        <span className={classes.box} aria-hidden>
          {side === "in" && <IconCheck size={12} stroke={3} />}
          {side === "out" && <IconBan size={12} stroke={2} />}
        </span>
        <span className={classes.text}>
          <Plain text={text} />
        </span>
        {side === "out" && <span className="tk-visually-hidden">{t.explorer.facets.isOut}</span>}
        <span className={classes.count} title={exact(count)}>
          {compact(count)}
        </span>
      </button>
      <button
        type="button"
        className={classes.out}
        aria-label={side === "out" ? t.explorer.facets.only(spoken) : t.explorer.facets.out(spoken)}
        title={side === "out" ? t.explorer.facets.only(spoken) : t.explorer.facets.out(spoken)}
        onClick={() => {
          if (side === "out") filterFor(field, value);
          else filterOut(field, value);
        }}
      >
        <IconBan size={14} aria-hidden />
      </button>
    </div>
  );
}
