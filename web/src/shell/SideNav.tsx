import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { t } from "../texts";
import classes from "./SideNav.module.css";
import { useNavigation } from "./useNavigation";

export interface SideNavProps {
  /** Above the pages: the product's name. */
  head?: ReactNode;
  /** Called when somebody goes to a page: the mobile menu closes. */
  onGo?: () => void;
}

/** The pages, those that the person may see. */
export function SideNav({ head, onGo }: SideNavProps) {
  const groups = useNavigation();
  return (
    <nav className={classes.nav} aria-label={t.shell.nav.label}>
      {head}
      {groups.map((group) => (
        <ul key={group[0]?.key} className={classes.group}>
          {group.map(({ key, label, icon: Icon, to, params, isExact }) => (
            <li key={key}>
              <Link
                className={classes.link}
                to={to}
                params={params}
                activeOptions={{ exact: isExact ?? false, includeSearch: false }}
                onClick={onGo}
              >
                <Icon size={17} stroke={1.75} aria-hidden />
                <span>{label}</span>
              </Link>
            </li>
          ))}
        </ul>
      ))}
    </nav>
  );
}
