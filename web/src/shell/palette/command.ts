import type { Icon } from "@tabler/icons-react";

/** One line of the palette. */
export interface Command {
  id: string;
  label: string;
  about?: string;
  icon: Icon;
  run: () => void;
}

export interface CommandGroup {
  name: string;
  commands: Command[];
}

/** Whether all words of a text are in a command's, in any case and order. */
export function isMatch(command: Command, typed: string): boolean {
  const text = `${command.label} ${command.about ?? ""}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
