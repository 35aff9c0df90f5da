import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";

import classes from "./TabLinks.module.css";

export interface TabLink {
  label: string;
  icon?: ReactNode;
  link: Pick<LinkProps, "to" | "params">;
}

/** Parts of a page that have addresses of their own. */
export function TabLinks({ label, tabs }: { label: string; tabs: readonly TabLink[] }) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      {tabs.map((tab) => (
        <Link
          key={tab.label}
          {...tab.link}
          className={classes.tab}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {tab.icon}
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
