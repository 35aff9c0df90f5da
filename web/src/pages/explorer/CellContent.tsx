import type { EventRow } from "../../api/events";
import { ActionBadge } from "../../look/actions";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { formatTime } from "../../time/format";
import { t } from "../../texts";
import { cellText, type ColumnName } from "./columns";
import classes from "./EventTable.module.css";

export interface CellContentProps {
  row: EventRow;
  name: ColumnName;
  zone: string;
}

const MONO: ReadonlySet<ColumnName> = new Set(["ip_address", "user_id", "resource_id", "id"]);

/** Why a cell says less than one may expect; undefined where it says what there is. */
function whyLess(row: EventRow, name: ColumnName): { text?: string; why: string } | undefined {
  if (name === "user" && row.user_email === null && row.user_id === null) {
    return row.source === "SYSTEM"
      ? { text: t.explorer.table.system, why: t.explorer.table.systemWhy }
      : { text: t.explorer.table.noUser, why: t.explorer.table.noUserWhy };
  }
  if (name === "resource" && row.resource_name === null && row.resource_id !== null) {
    return { why: t.explorer.table.onlyId };
  }
  return undefined;
}

/** What a cell shows. */
export function CellContent({ row, name, zone }: CellContentProps) {
  if (name === "timestamp") {
    return (
      <time
        dateTime={row.timestamp}
        className={classes.time}
        title={`${formatTime(row.timestamp, zone, "full")} · ${row.timestamp}`}
      >
        {formatTime(row.timestamp, zone, "short")}
      </time>
    );
  }
  if (name === "action") return <ActionBadge action={row.action} plain />;
  if (name === "status") {
    const isFailed = row.status === "FAILED";
    return (
      <span className={classes.status} data-failed={isFailed}>
        {isFailed ? t.explorer.table.failed : t.explorer.table.success}
      </span>
    );
  }
  const less = whyLess(row, name);
  const text = less?.text ?? cellText(row, name);
  return (
    <span
      className={classes.text}
      data-mono={MONO.has(name) || (name === "resource" && less !== undefined)}
      data-less={less?.text !== undefined}
      title={[visibleText(text), less?.why].filter(Boolean).join(" · ")}
    >
      {text !== "" && <Plain text={text} />}
    </span>
  );
}
