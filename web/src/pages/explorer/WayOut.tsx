import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { totalQuery, type EventFilter } from "../../api/events";
import { t } from "../../texts";
import classes from "./NothingFound.module.css";

export interface WayOutProps {
  label: string;
  /** What would be searched for then. */
  filter: EventFilter;
  onTake: () => void;
}

/** One step that would show something: how much is said before it is taken. */
export function WayOut({ label, filter, onTake }: WayOutProps) {
  const total = useQuery(totalQuery(filter)).data;
  return (
    <span className={classes.way}>
      <Button size="compact-sm" variant={total ? "light" : "default"} onClick={onTake}>
        {label}
      </Button>
      <span className={classes.count}>
        {total === undefined ? "" : t.explorer.nothing.found(total)}
      </span>
    </span>
  );
}
