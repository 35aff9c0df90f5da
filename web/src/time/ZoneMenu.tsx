import { Button, Menu, Tooltip } from "@mantine/core";
import { IconCheck, IconWorld } from "@tabler/icons-react";

import { t } from "../texts";
import classes from "./RangePicker.module.css";
import { useMe } from "../api/me";
import { useZone, ZONE_CHOICES, zoneOf } from "./zone";

/** In which zone times are shown, for the whole console; the browser remembers it. */
export function ZoneMenu() {
  const { zone, choice, setChoice, label } = useZone();
  const { organization } = useMe();
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Tooltip label={t.parts.zone.shownIn(zone)}>
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            className={classes.zone}
            leftSection={<IconWorld size={14} stroke={1.75} aria-hidden />}
            aria-label={`${t.parts.zone.label}: ${label}`}
          >
            {label}
          </Button>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t.parts.zone.label}</Menu.Label>
        {ZONE_CHOICES.map((each) => (
          <Menu.Item
            key={each}
            role="menuitemradio"
            aria-checked={each === choice}
            rightSection={each === choice ? <IconCheck size={14} aria-hidden /> : undefined}
            onClick={() => {
              setChoice(each);
            }}
          >
            <span className={classes.choice}>
              {t.parts.zone.choices[each]}
              {each !== "utc" && (
                <span className={classes.about}>{zoneOf(each, organization.time_zone)}</span>
              )}
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
