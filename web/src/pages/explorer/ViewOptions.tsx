import { Button, Checkbox, SegmentedControl } from "@mantine/core";

import { t } from "../../texts";
import { COLUMN_NAMES, DEFAULT_COLUMNS, type ColumnName } from "./columns";
import { useExplorer } from "./ExplorerContext";
import { DENSITIES, useDensity } from "./preferences";
import classes from "./ViewMenu.module.css";

/** Which columns there are, how high rows are, and whether it is a table or a map. */
export function ViewOptions() {
  const { search, set } = useExplorer();
  const [density, setDensity] = useDensity();
  const shown = search.columns ?? DEFAULT_COLUMNS;
  const toggle = (name: ColumnName): void => {
    const next = COLUMN_NAMES.filter((each) =>
      each === name ? !shown.includes(each) : shown.includes(each),
    );
    const isDefault =
      next.length === DEFAULT_COLUMNS.length &&
      DEFAULT_COLUMNS.every((each) => next.includes(each));
    set({ columns: isDefault ? undefined : next }, { isStep: false });
  };
  return (
    <>
      <p className={classes.title}>{t.explorer.tools.show}</p>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t.explorer.tools.show}
        value={search.view ?? "table"}
        onChange={(value) => {
          set({ view: value === "map" ? "map" : undefined });
        }}
        data={[
          { value: "table", label: t.explorer.tools.table },
          { value: "map", label: t.explorer.tools.map },
        ]}
      />
      <p className={classes.title}>{t.explorer.tools.density}</p>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t.explorer.tools.density}
        value={density}
        onChange={(value) => {
          const chosen = DENSITIES.find((each) => each === value);
          if (chosen !== undefined) setDensity(chosen);
        }}
        data={DENSITIES.map((value) => ({ value, label: t.explorer.densities[value] }))}
      />
      <fieldset className={classes.columns}>
        <legend className={classes.title}>{t.explorer.tools.columns}</legend>
        {COLUMN_NAMES.map((name) => (
          <Checkbox
            key={name}
            size="xs"
            classNames={{ body: classes.checkbox }}
            label={t.explorer.columns[name]}
            checked={shown.includes(name)}
            // One column has to be left.
            disabled={shown.length === 1 && shown[0] === name}
            onChange={() => {
              toggle(name);
            }}
          />
        ))}
      </fieldset>
      <Button
        size="compact-sm"
        variant="subtle"
        disabled={search.columns === undefined}
        onClick={() => {
          set({ columns: undefined }, { isStep: false });
        }}
      >
        {t.explorer.tools.defaults}
      </Button>
    </>
  );
}
