import { UserPicker } from "../../parts/UserPicker";
import { addFilter, clearField, valuesOf } from "../../query/edit";
import { t } from "../../texts";
import { RangePicker } from "../../time/RangePicker";
import classes from "./Explorer.module.css";
import { useExplorer } from "./ExplorerContext";
import { FilterChips } from "./FilterChips";
import { JumpToTime } from "./JumpToTime";
import { QueryFault } from "./QueryFault";
import { queryFault } from "./queryFault";
import { SearchBar } from "./SearchBar";
import { Summary } from "./Summary";
import { Toolbar } from "./Toolbar";
import type { Rows } from "./useRows";

export interface ExplorerHeadProps {
  rows: Rows;
  isNarrow: boolean;
}

/** What is searched: words, range, user; and what can be done with it. */
export function ExplorerHead({ rows, isNarrow }: ExplorerHeadProps) {
  const { q, search, scope, setQuery, setRange } = useExplorer();
  const fault = queryFault(rows.error);
  const users = valuesOf(q, "user_id");
  const isOfUser = scope !== undefined && "user_id" in scope;
  return (
    <div className={classes.top}>
      <div className={classes.line}>
        <SearchBar />
        {/* Where there is no room for the zone's menu twice, the one above has to do. */}
        <RangePicker value={search} onChange={setRange} withZone={!isNarrow} />
        {!isNarrow && <JumpToTime />}
      </div>
      {fault !== undefined && <QueryFault q={q} problem={fault} />}
      <div className={classes.line}>
        {!isOfUser && (
          <div className={classes.user}>
            <UserPicker
              isCompact
              label={t.explorer.user.label}
              placeholder={t.explorer.user.placeholder}
              value={users.length === 1 ? users[0] : undefined}
              onChange={(userId) => {
                const without = clearField(q, "user_id");
                setQuery(userId === undefined ? without : addFilter(without, "user_id", userId));
              }}
            />
          </div>
        )}
        {/* On a phone the range has a line of its own. */}
        {isNarrow && <JumpToTime />}
        <FilterChips />
      </div>
      <div className={classes.line}>
        <Summary rows={rows} />
        <Toolbar />
      </div>
    </div>
  );
}
