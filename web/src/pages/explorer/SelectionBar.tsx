import { Button } from "@mantine/core";

import { t } from "../../texts";
import classes from "./Explorer.module.css";
import { useExplorer } from "./ExplorerContext";

export interface SelectionBarProps {
  selected: readonly string[];
  onClear: () => void;
}

/** What was chosen to be compared, over the table's lower edge: it moves nothing. */
export function SelectionBar({ selected, onClear }: SelectionBarProps) {
  const { set } = useExplorer();
  if (selected.length === 0) return null;
  const isPair = selected.length === 2;
  return (
    <div className={classes.selection} role="status">
      <span>{isPair ? t.explorer.compare.two : t.explorer.compare.one}</span>
      {isPair && (
        <Button
          size="compact-sm"
          onClick={() => {
            set({ compare: [...selected] });
          }}
        >
          {t.explorer.compare.go}
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" onClick={onClear}>
        {t.explorer.compare.clear}
      </Button>
    </div>
  );
}
