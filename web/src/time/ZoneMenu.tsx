import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconCheck, IconWorld } from "@tabler/icons-react";

import { t } from "../texts";
import classes from "./RangePicker.module.css";
import { useMe } from "../api/me";
import { useZone, ZONE_CHOICES, zoneOf } from "./zone";

export interface ZoneMenuProps {
  /** Only the globe: the zone's name is in its tooltip and its accessible name. */
  isIcon?: boolean;
}

/** In which zone times are shown, for the whole console; the browser remembers it. */
export function ZoneMenu({ isIcon = false }: ZoneMenuProps) {
  const { zone, choice, setChoice, label } = useZone();
  const { organization } = useMe();
  const name = `${t.parts.zone.label}: ${label}`;
  const shown = t.parts.zone.shownIn(zone);
  return (
    <Menu position="bottom-end" width={260} withinPortal={false}>
      <Menu.Target>
        {isIcon ? (
          <ActionIcon size={32} variant="subtle" color="gray" aria-label={name} title={shown}>
            <IconWorld size={18} stroke={1.75} aria-hidden />
          </ActionIcon>
        ) : (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            className={classes.zone}
            leftSection={<IconWorld size={14} stroke={1.75} aria-hidden />}
            aria-label={name}
            title={shown}
          >
            {label}
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t.parts.zone.label}</Menu.Label>
        {ZONE_CHOICES.map((each) => (
          <Menu.Item
            key={each}
            renderRoot={(root) => (
              <button {...root} role="menuitemradio" aria-checked={each === choice} />
            )}
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
