import { UnstyledButton } from "@mantine/core";
import { useState } from "react";

import { t } from "../../texts";
import classes from "./Details.module.css";
import type { Node } from "./tree";
import { DetailNode } from "./DetailNode";
import eventClasses from "./Event.module.css";

/** Details may have thousands of entries: more of them come on demand. */
const STEP = 200;

interface DetailListProps {
  nodes: readonly Node[];
  isSearched: boolean;
  label?: string;
}

export function DetailList({ nodes, isSearched, label }: DetailListProps) {
  const [most, setMost] = useState(STEP);
  const left = nodes.length - most;
  return (
    <ul className={classes.list} aria-label={label}>
      {nodes.slice(0, most).map((node) => (
        <DetailNode key={node.name} node={node} isSearched={isSearched} />
      ))}
      {left > 0 && (
        <li>
          <UnstyledButton
            className={eventClasses.unfold}
            onClick={() => {
              setMost(most + STEP);
            }}
          >
            {t.event.details.more(left)}
          </UnstyledButton>
        </li>
      )}
    </ul>
  );
}
