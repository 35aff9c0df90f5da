import { useElementSize } from "@mantine/hooks";
import { useCallback, useState } from "react";

import classes from "./Explorer.module.css";
import { ExplorerDialogs } from "./ExplorerDialogs";
import { ExplorerHead } from "./ExplorerHead";
import { FacetsPlace } from "./FacetsPlace";
import { Results } from "./Results";
import { SelectionBar } from "./SelectionBar";
import { TimeHistogram } from "./TimeHistogram";
import { usePageKeys } from "./usePageKeys";
import { useRows } from "./useRows";

export interface ExplorerLayoutProps {
  title: string;
}

/** Below this width events are two lines each, and facets are behind a button. */
const NARROW = 700;
const COMPARED = 2;

/** Where everything of the Explorer is. Rows come first, what is counted after them. */
export function ExplorerLayout({ title }: ExplorerLayoutProps) {
  const rows = useRows();
  const { ref, width } = useElementSize();
  const [selected, setSelected] = useState<readonly string[]>([]);
  usePageKeys();
  const isNarrow = width > 0 && width < NARROW;
  const hasFailed = rows.error !== null && rows.rows.length === 0;
  const isReady = !rows.isFirstLoad && !rows.isOld && !hasFailed;
  const select = useCallback((id: string) => {
    setSelected((before) =>
      before.includes(id)
        ? before.filter((each) => each !== id)
        : // A third one takes the place of the first.
          [...before, id].slice(-COMPARED),
    );
  }, []);
  return (
    <div ref={ref} className={classes.body} data-narrow={isNarrow}>
      <ExplorerHead rows={rows} isNarrow={isNarrow} />
      <TimeHistogram isReady={isReady} hasFailed={hasFailed} />
      <div className={classes.main}>
        <FacetsPlace isReady={isReady} hasFailed={hasFailed} isNarrow={isNarrow} />
        <div className={classes.results}>
          <Results
            rows={rows}
            isNarrow={isNarrow}
            selected={selected}
            onSelect={select}
            title={title}
          />
          <SelectionBar
            selected={selected}
            onClear={() => {
              setSelected([]);
            }}
          />
        </div>
      </div>
      <ExplorerDialogs />
    </div>
  );
}
