import { NativeSelect, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { resourceTypesQuery } from "../../api/resources";
import { t } from "../../texts";
import { SearchField } from "../users/SearchField";
import classes from "./ResourceFilters.module.css";
import { SORTS, type ResourcesSearch } from "./search";

interface ResourceFiltersProps {
  search: ResourcesSearch;
  onChange: (next: ResourcesSearch) => void;
}

const SORT_OPTIONS = SORTS.map((value) => ({ value, label: t.resources.sorts[value] }));

export function ResourceFilters({ search, onChange }: ResourceFiltersProps) {
  const { data: known } = useQuery(resourceTypesQuery);
  // What the address asks for can be taken away again, also where the log knows no such type.
  const types = [...new Set([...(known ?? []), ...(search.type ? [search.type] : [])])];
  return (
    <div className={classes.filters} role="search">
      <div className={classes.search}>
        <SearchField
          label={t.resources.search}
          value={search.search}
          onChange={(text) => {
            onChange({ ...search, search: text });
          }}
        />
      </div>
      <Select
        className={classes.select}
        aria-label={t.resources.type}
        placeholder={t.resources.anyType}
        data={types}
        value={search.type ?? null}
        searchable
        clearable
        onChange={(type) => {
          onChange({ ...search, type: type ?? undefined });
        }}
      />
      <NativeSelect
        className={classes.select}
        aria-label={t.resources.sort}
        data={SORT_OPTIONS}
        value={search.sort ?? "changes"}
        onChange={(change) => {
          const sort = SORTS.find((each) => each === change.currentTarget.value);
          onChange({ ...search, sort: sort === "changes" ? undefined : sort });
        }}
      />
    </div>
  );
}
