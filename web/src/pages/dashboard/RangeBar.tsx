import { ActionIcon, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";

import { t } from "../../texts";
import type { Range } from "../../time/range";
import { RangePicker } from "../../time/RangePicker";
import { When } from "../../time/When";
import classes from "./RangeBar.module.css";

interface RangeBarProps {
  range: Range;
  onChange: (range: Range) => void;
  /** What the counts below are of; all absent while they load. */
  coverage?: { committed_upto: string; kept_from: string | null; is_partial: boolean };
  isFetching: boolean;
  onRefresh: () => void;
}

const words = t.dashboard.counted;

/** The range that a page counts, how fresh the counts are, and whether retention took some. */
export function RangeBar({ range, onChange, coverage, isFetching, onRefresh }: RangeBarProps) {
  return (
    <div className={classes.bar}>
      <RangePicker value={range} onChange={onChange} />
      <div className={classes.fresh}>
        {coverage !== undefined && (
          <span>
            {words.at} <When at={coverage.committed_upto} kind="relative" />
          </span>
        )}
        <Tooltip label={words.again}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={words.again}
            loading={isFetching}
            onClick={onRefresh}
          >
            <IconRefresh size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
      {coverage?.is_partial && coverage.kept_from !== null && (
        <p className={classes.partial}>
          <IconAlertTriangle size={16} aria-hidden />
          <span>
            {words.partial} <When at={coverage.kept_from} kind="absolute" />
          </span>
        </p>
      )}
    </div>
  );
}
