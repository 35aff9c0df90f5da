import { Anchor } from "@mantine/core";
import { IconArrowUpRight } from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";

import { t } from "../../texts";
import classes from "./OpenLink.module.css";

interface OpenLinkProps {
  link: Pick<LinkProps, "to" | "params" | "search">;
  /** What opens, where that is not plain from what stands beside it. */
  label: string;
}

/** The way from a number to what it counted. */
export function OpenLink({ link, label }: OpenLinkProps) {
  return (
    <Anchor
      size="xs"
      className={classes.link}
      aria-label={label}
      title={label}
      renderRoot={(root) => <Link {...root} {...link} />}
    >
      {t.dashboard.open} <IconArrowUpRight size={12} aria-hidden />
    </Anchor>
  );
}
