import { CloseButton, Combobox, Loader, TextInput, useCombobox } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";

import { Plain } from "../../parts/Plain";
import { complete, completionAt } from "../../query/complete";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { useExplorer } from "./ExplorerContext";
import classes from "./SearchBar.module.css";
import { useSuggestions } from "./useSuggestions";

interface Draft {
  /** The query of the address that it was begun from: another one ends it. */
  of: string;
  text: string;
  caret: number;
}

/** The query as text, with completion of fields and values. Enter searches. */
export function SearchBar() {
  const { q, setQuery } = useExplorer();
  const [begun, setDraft] = useState<Draft | null>(null);
  const draft = begun?.of === q ? begun : null;
  const input = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
    },
  });
  const text = draft?.text ?? q;
  const completion = combobox.dropdownOpened
    ? completionAt(text, draft?.caret ?? text.length)
    : undefined;
  const { suggestions, isLoading } = useSuggestions(completion);

  const edit = (next: string, caret: number): void => {
    setDraft({ of: q, text: next, caret });
    combobox.openDropdown();
    // What was chosen from the list before may be elsewhere in it, or gone.
    combobox.resetSelectedOption();
  };
  const submit = (next: string): void => {
    combobox.closeDropdown();
    setQuery(next);
    if (next.trim() === q) setDraft(null);
  };
  const choose = (value: string): void => {
    if (completion === undefined) return;
    const done = complete(text, completion, value);
    edit(done.text, done.caret);
    // The caret can be set only once the input holds the new text.
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(done.caret, done.caret);
    });
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>): void => {
    const isChosen = combobox.dropdownOpened && combobox.getSelectedOptionIndex() !== -1;
    if (event.key === "Enter" && !isChosen) {
      event.preventDefault();
      submit(text);
    } else if (
      event.key === "Tab" &&
      !event.shiftKey &&
      suggestions[0] &&
      combobox.dropdownOpened
    ) {
      // As in a shell: Tab takes the first one, where something of it is typed.
      if (completion === undefined || completion.prefix === "") return;
      event.preventDefault();
      choose(suggestions[0].value);
    } else if (event.key === "Escape" && combobox.dropdownOpened) {
      event.stopPropagation();
      combobox.closeDropdown();
    }
  };
  const onCaret = (event: React.SyntheticEvent<HTMLInputElement>): void => {
    const caret = event.currentTarget.selectionStart ?? 0;
    if (draft !== null && caret !== draft.caret) setDraft({ ...draft, caret });
  };

  const isValue = completion?.kind === "value";
  return (
    <search className={classes.bar}>
      <Combobox
        store={combobox}
        onOptionSubmit={choose}
        withinPortal
        position="bottom-start"
        width="target"
        transitionProps={{ duration: 0 }}
      >
        <Combobox.Target targetType="input">
          <TextInput
            ref={input}
            data-explorer-search
            value={text}
            aria-label={t.explorer.search.label}
            placeholder={t.explorer.search.placeholder}
            classNames={{ input: classes.input }}
            leftSection={<IconSearch size={16} aria-hidden />}
            rightSection={
              text === "" ? null : (
                <CloseButton
                  size="sm"
                  aria-label={t.explorer.search.clear}
                  onClick={() => {
                    setDraft(null);
                    submit("");
                  }}
                />
              )
            }
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={4096}
            onChange={(event) => {
              const { value, selectionStart } = event.currentTarget;
              edit(value, selectionStart ?? value.length);
            }}
            onKeyDown={onKeyDown}
            onSelect={onCaret}
            onClick={() => {
              setDraft({ of: q, text, caret: input.current?.selectionStart ?? text.length });
              combobox.openDropdown();
            }}
            onBlur={() => {
              combobox.closeDropdown();
            }}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={completion === undefined}>
          <Combobox.Options
            className={classes.options}
            aria-label={
              isValue ? t.explorer.search.valuesOf(completion.field) : t.explorer.search.fields
            }
          >
            {suggestions.map((each) => (
              <Combobox.Option key={each.value} value={each.value} className={classes.option}>
                <span className={classes.value}>
                  <Plain text={each.label} />
                </span>
                {each.about !== undefined && (
                  <span className={classes.about}>
                    <Plain text={each.about} />
                  </span>
                )}
                {each.count !== undefined && (
                  <span className={classes.count}>{count(each.count)}</span>
                )}
              </Combobox.Option>
            ))}
            {suggestions.length === 0 && (
              <Combobox.Empty className={classes.empty}>
                {isLoading ? (
                  <>
                    <Loader size={14} /> {t.explorer.search.looking}
                  </>
                ) : (
                  t.explorer.search.noValues
                )}
              </Combobox.Empty>
            )}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </search>
  );
}
