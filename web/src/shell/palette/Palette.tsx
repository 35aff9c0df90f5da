import "@mantine/spotlight/styles.layer.css";

import { Spotlight, spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";

import { t } from "../../texts";
import classes from "./Palette.module.css";
import { isMatch, type CommandGroup } from "./command";
import { useDeeds } from "./useDeeds";
import { useEventSearch } from "./useEventSearch";
import { usePages } from "./usePages";
import { usePeople } from "./usePeople";

export interface PaletteProps {
  isOpen: boolean;
  onClose: () => void;
  onShowShortcuts: () => void;
}

/** One field for going to pages, finding events and people, and doing things. */
export function Palette({ isOpen, onClose, onShowShortcuts }: PaletteProps) {
  const [query, setQuery] = useState("");
  const typed = query.trim();
  const words = t.shell.palette;
  const groups: CommandGroup[] = [
    { name: words.pages, commands: usePages().filter((each) => isMatch(each, typed)) },
    { name: words.search, commands: useEventSearch(typed) },
    // Below what is there at once: what comes later must not move the line that is marked.
    { name: words.people, commands: usePeople(typed) },
    {
      name: words.commands,
      commands: useDeeds(onShowShortcuts).filter((each) => isMatch(each, typed)),
    },
  ].filter((group) => group.commands.length > 0);

  useEffect(() => {
    if (isOpen) {
      spotlight.open();
    }
  }, [isOpen]);

  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight={440}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      transitionProps={{ duration: 100, transition: "fade-down" }}
      attributes={{ content: { "aria-label": words.open } }}
    >
      <Spotlight.Search
        classNames={{ input: classes.search }}
        placeholder={words.placeholder}
        aria-label={words.placeholder}
        leftSection={<IconSearch size={18} stroke={1.75} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group.name} label={group.name}>
            {group.commands.map(({ id, label, about, icon: Icon, run }) => (
              <Spotlight.Action
                key={id}
                label={label}
                description={about}
                leftSection={<Icon size={17} stroke={1.75} aria-hidden />}
                onClick={run}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && <Spotlight.Empty>{words.nothing}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
