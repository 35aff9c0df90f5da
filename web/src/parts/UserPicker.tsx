import { CloseButton, Loader, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { userQuery, usersQuery, type User } from "../api/users";
import { t } from "../texts";
import classes from "./UserPicker.module.css";
import { visibleText } from "./plainText";

export interface UserPickerProps {
  /** A user's id. */
  value: string | undefined;
  /** The id and, where it was picked from the list, the user. */
  onChange: (userId: string | undefined, user?: User) => void;
  label: string;
  placeholder?: string;
  /** Without the label above; it stays the field's accessible name. */
  isCompact?: boolean;
}

type Named = Pick<User, "user_id" | "name" | "user_email">;

const TYPING_MS = 150;

function nameOf(user: Named): string {
  return visibleText(user.name ?? user.user_email ?? user.user_id);
}

function aboutOf(user: Named): string {
  return visibleText(user.user_email ?? user.user_id);
}

/** One user of the organization, searched by name, e-mail or id. */
export function UserPicker(props: UserPickerProps) {
  const { value, onChange, label, placeholder = t.parts.picker.placeholder, isCompact } = props;
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const chosen = useQuery({ ...userQuery(value ?? ""), enabled: value !== undefined });
  const isChosenName = chosen.data !== undefined && typed === nameOf(chosen.data);
  const asked = isChosenName || search === "" ? undefined : search;
  const found = useInfiniteQuery(usersQuery({ search: asked, sort: "name" }));
  const users: Named[] = found.data?.pages.flatMap((page) => page.items) ?? [];
  const others = users.filter((user) => user.user_id !== value);
  const first: Named | undefined =
    value === undefined
      ? undefined
      : (chosen.data ?? { user_id: value, name: null, user_email: null });
  const shown = first === undefined ? users : [first, ...others];
  const byId = new Map(shown.map((user) => [user.user_id, user]));

  const nothing =
    asked === undefined ? t.parts.picker.noneAtAll : t.parts.picker.none(visibleText(asked));
  return (
    <Select
      label={isCompact ? undefined : label}
      aria-label={label}
      placeholder={placeholder}
      size="xs"
      searchable
      data={shown.map((user) => ({ value: user.user_id, label: nameOf(user) }))}
      // The service has searched already, also by e-mail and id.
      filter={({ options }) => options}
      value={value ?? null}
      onChange={(id) => {
        const user = users.find((each) => each.user_id === id);
        onChange(id ?? undefined, user as User | undefined);
      }}
      searchValue={typed}
      onSearchChange={setTyped}
      renderOption={({ option }) => {
        const user = byId.get(option.value);
        return (
          <span className={classes.option}>
            <span className="tk-truncate">{option.label}</span>
            {user !== undefined && aboutOf(user) !== option.label && (
              <span className={classes.about}>{aboutOf(user)}</span>
            )}
          </span>
        );
      }}
      nothingFoundMessage={
        found.isError
          ? t.parts.picker.failed
          : found.isFetching
            ? t.parts.picker.searching
            : nothing
      }
      rightSectionPointerEvents={value === undefined ? "none" : "all"}
      rightSection={
        found.isFetching && typed !== "" ? (
          <Loader size={12} />
        ) : value !== undefined ? (
          <CloseButton
            size={20}
            aria-label={t.parts.picker.clear}
            onClick={() => {
              setTyped("");
              onChange(undefined);
            }}
          />
        ) : undefined
      }
      maxDropdownHeight={280}
      limit={50}
    />
  );
}
