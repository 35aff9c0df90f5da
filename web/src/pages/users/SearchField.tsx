import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

const PAUSE_MS = 250;

interface SearchFieldProps {
  label: string;
  /** What the address says. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** A search box whose text goes into the address when the typing pauses. */
export function SearchField({ label, value = "", onChange }: SearchFieldProps) {
  // `seen` is the address as it was, `sent` what was typed here: an address that changed
  // otherwise (back, a cleared filter) replaces the text, the echo of the typing does not.
  const [state, setState] = useState({ text: value, seen: value, sent: value });
  if (value !== state.seen) {
    setState({ text: value === state.sent ? state.text : value, seen: value, sent: value });
  }
  const send = useDebouncedCallback((text: string) => {
    setState((now) => ({ ...now, sent: text.trim() }));
    onChange(text.trim() === "" ? undefined : text.trim());
  }, PAUSE_MS);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      maxLength={200}
      value={state.text}
      onChange={(change) => {
        const text = change.currentTarget.value;
        setState((now) => ({ ...now, text }));
        send(text);
      }}
    />
  );
}
