import { Anchor } from "@mantine/core";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { t } from "../texts";
import classes from "./PageHeader.module.css";
import { useDocumentTitle } from "./useDocumentTitle";

export interface PageHeaderProps {
  /** The page's one first heading, and its name in the browser's tab. */
  title: string;
  /** How the title is shown, where it is more than text (a name from outside in `Plain`). */
  heading?: ReactNode;
  /** One line: what can be seen here. */
  description?: ReactNode;
  /** Buttons and pickers, at the right. */
  actions?: ReactNode;
  /** Pages above this one, the highest first. */
  trail?: { label: string; to: LinkProps["to"] }[];
  /** Tabs or filters, below. */
  children?: ReactNode;
}

/** The head of a page. */
export function PageHeader(props: PageHeaderProps) {
  const { title, heading, description, actions, trail, children } = props;
  useDocumentTitle(title);
  return (
    <div className={classes.header}>
      {trail !== undefined && (
        <nav aria-label={t.parts.trail} className={classes.trail}>
          {trail.map((step) => (
            <span key={step.label}>
              <Anchor size="sm" renderRoot={(root) => <Link {...root} to={step.to} />}>
                {step.label}
              </Anchor>
              <span aria-hidden> / </span>
            </span>
          ))}
        </nav>
      )}
      <div className={classes.row}>
        <div className={classes.words}>
          <h1 className={classes.title}>{heading ?? title}</h1>
          {description !== undefined && <div className={classes.description}>{description}</div>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}
