import { Modal, Switch } from "@mantine/core";
import { useSyncExternalStore } from "react";

import { t } from "../../texts";
import { Keys } from "./Keys";
import { effective } from "./effective";
import { areSingleKeysOn, readGroups, setSingleKeys, subscribe } from "./registry";
import classes from "./ShortcutHelp.module.css";

export interface ShortcutHelpProps {
  isOpen: boolean;
  onClose: () => void;
}

/** Every key that does something here, those of the page first. */
export function ShortcutHelp({ isOpen, onClose }: ShortcutHelpProps) {
  const groups = useSyncExternalStore(subscribe, readGroups);
  const isOn = useSyncExternalStore(subscribe, areSingleKeysOn);
  const words = t.shell.shortcuts;
  return (
    <Modal opened={isOpen} onClose={onClose} title={words.title} size="md">
      {effective(groups).map((group, index) => (
        // Two of a kind may be there at once; their order is that of being added.
        <section key={index} className={classes.group}>
          <h3 className={classes.name}>{group.name}</h3>
          <dl className={classes.list}>
            {group.shortcuts.map(({ keys, label }) => (
              <div key={keys} className={classes.line}>
                <dt>{label}</dt>
                <dd>
                  <Keys keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <Switch
        size="sm"
        label={words.isOn}
        description={words.isOnAbout}
        checked={isOn}
        onChange={(event) => {
          setSingleKeys(event.currentTarget.checked);
        }}
      />
    </Modal>
  );
}
