import { UnstyledButton } from "@mantine/core";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { t } from "../texts";
import { count, percent } from "../texts/numbers";
import classes from "./BarList.module.css";
import { ChangeMark } from "./ChangeMark";
import { EmptyState } from "./EmptyState";
import { LoadingState } from "./LoadingState";

export interface BarItem {
  key: string;
  label: ReactNode;
  /** The link's accessible name: what opens. */
  name: string;
  count: number;
  before?: number;
  /** Of the bar; neutral by default. */
  colour?: string;
  link?: Pick<LinkProps, "to" | "params" | "search">;
}

export interface BarListProps {
  items: readonly BarItem[];
  /** What the shares are of; without it none are shown. */
  total?: number;
  /** What it says where there is nothing. */
  empty: string;
  isLoading?: boolean;
  /** How many lines to keep free while it loads. */
  rows?: number;
}

/** The longest bar is the largest count; each line leads to what was counted. */
export function BarList({ items, total, empty, isLoading = false, rows = 6 }: BarListProps) {
  if (isLoading) {
    return <LoadingState rows={rows} height={28} />;
  }
  if (items.length === 0) {
    return <EmptyState title={empty} isCompact />;
  }
  const most = Math.max(...items.map((item) => item.count), 1);
  return (
    <ul className={classes.list}>
      {items.map((item) => {
        const content = <BarLine item={item} most={most} total={total} />;
        return (
          <li key={item.key}>
            {item.link === undefined ? (
              <div className={classes.line}>{content}</div>
            ) : (
              <UnstyledButton
                className={`${classes.line ?? ""} ${classes.link ?? ""}`}
                title={item.name}
                renderRoot={(root) => <Link {...root} {...item.link} />}
              >
                {content}
              </UnstyledButton>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface BarLineProps {
  item: BarItem;
  most: number;
  total: number | undefined;
}

function BarLine({ item, most, total }: BarLineProps) {
  const width = `${String((100 * item.count) / most)}%`;
  const share = total === undefined || total === 0 ? undefined : item.count / total;
  return (
    <>
      <span className={classes.bar} style={{ width, background: item.colour }} aria-hidden />
      <span className={classes.label}>{item.label}</span>
      {item.before !== undefined && <ChangeMark now={item.count} before={item.before} />}
      {share !== undefined && (
        <span className={`${classes.share ?? ""} tk-num`} title={t.parts.bars.share(share)}>
          {percent(share)}
        </span>
      )}
      <span className={`${classes.count ?? ""} tk-num`}>{count(item.count)}</span>
    </>
  );
}
