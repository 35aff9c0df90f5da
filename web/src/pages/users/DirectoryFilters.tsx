import { Button, MultiSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { rolesQuery } from "../../api/roles";
import { t } from "../../texts";
import classes from "./Directory.module.css";
import { SearchField } from "./SearchField";
import { STATUSES, type UsersSearch } from "./search";

interface DirectoryFiltersProps {
  search: UsersSearch;
  isFiltered: boolean;
  onChange: (next: UsersSearch) => void;
  onClear: () => void;
}

const STATUS_OPTIONS = STATUSES.map((value) => ({ value, label: t.users.statuses[value] }));

/** An empty choice is no choice. */
function chosen<T>(values: T[]): T[] | undefined {
  return values.length === 0 ? undefined : values;
}

export function DirectoryFilters(props: DirectoryFiltersProps) {
  const { search, isFiltered, onChange, onClear } = props;
  const { data: roles } = useQuery(rolesQuery);
  // What the address asks for can be taken away again, also where no such role is there any more.
  const names = new Set([...(roles?.items.map((role) => role.name) ?? []), ...(search.role ?? [])]);
  return (
    <div className={classes.filters} role="search">
      <div className={classes.search}>
        <SearchField
          label={t.users.search}
          value={search.search}
          onChange={(text) => {
            onChange({ ...search, search: text });
          }}
        />
      </div>
      <MultiSelect
        className={classes.select}
        aria-label={t.users.role}
        placeholder={search.role === undefined ? t.users.anyRole : undefined}
        data={[...names]}
        value={search.role ?? []}
        onChange={(role) => {
          onChange({ ...search, role: chosen(role) });
        }}
        clearable
      />
      <MultiSelect
        className={classes.select}
        aria-label={t.users.status}
        placeholder={search.status === undefined ? t.users.anyStatus : undefined}
        data={STATUS_OPTIONS}
        value={search.status ?? []}
        onChange={(status) => {
          onChange({ ...search, status: chosen(status) });
        }}
        clearable
      />
      {isFiltered && (
        <Button variant="subtle" onClick={onClear}>
          {t.users.clear}
        </Button>
      )}
    </div>
  );
}
