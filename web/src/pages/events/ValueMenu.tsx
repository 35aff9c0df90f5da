import { ActionIcon, Menu } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import {
  IconChartBar,
  IconCopy,
  IconDots,
  IconFilterMinus,
  IconFilterPlus,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";

import { addFilter, excludeFilter, type FilterValue } from "../../query/edit";
import { ALL_FACETS } from "../explorer/preferences";
import { notifyDone } from "../../parts/notify";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import classes from "./Event.module.css";
import { useDistributing } from "./distributing";
import { useFiltering } from "./filtering";
import { shownLeaf } from "./tree";

interface ValueMenuProps {
  /** How the field is called for people. */
  label: string;
  /** The field in the search language; without one the value can be copied only. */
  field?: string;
  value: FilterValue;
}

/** What can be done with a value: search for it, leave it out, copy it. */
export function ValueMenu({ label, field, value }: ValueMenuProps) {
  const onFilter = useFiltering();
  const onDistribution = useDistributing();
  const navigate = useNavigate();
  const clipboard = useClipboard();
  const filter = (isOut: boolean) => {
    if (field === undefined) {
      return;
    }
    if (onFilter !== null) {
      onFilter(field, value, isOut);
      return;
    }
    const q = isOut ? excludeFilter("", field, value) : addFilter("", field, value);
    void navigate({ to: "/explorer", search: { q, range: "30d" } });
  };
  const facet = ALL_FACETS.find((each) => each === field);
  const copy = () => {
    clipboard.copy(shownLeaf(value));
    notifyDone(t.event.copied);
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          className={classes.more}
          variant="subtle"
          color="gray"
          size={24}
          aria-label={t.event.menuOf(visibleText(label))}
        >
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {field !== undefined && (
          <>
            <Menu.Item
              leftSection={<IconFilterPlus size={16} aria-hidden />}
              onClick={() => {
                filter(false);
              }}
            >
              {t.event.filterFor}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconFilterMinus size={16} aria-hidden />}
              onClick={() => {
                filter(true);
              }}
            >
              {t.event.filterOut}
            </Menu.Item>
          </>
        )}
        {facet !== undefined && (
          <Menu.Item
            leftSection={<IconChartBar size={16} aria-hidden />}
            onClick={() => {
              if (onDistribution !== null) onDistribution(facet);
              else {
                const search = { range: "30d", distribution: facet } as const;
                void navigate({ to: "/explorer", search });
              }
            }}
          >
            {t.event.distribution}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={copy}>
          {t.event.copyValue}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
