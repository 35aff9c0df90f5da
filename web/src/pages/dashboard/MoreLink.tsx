import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { t } from "../../texts";
import type { exactly } from "./explorerLink";

interface MoreLinkProps {
  /** How many types are left out. */
  hidden: number;
  search: ReturnType<typeof exactly>;
}

/** Says what a short list leaves out, and leads to it. */
export function MoreLink({ hidden, search }: MoreLinkProps) {
  if (hidden <= 0) {
    return null;
  }
  return (
    <Anchor
      size="sm"
      mt="xs"
      display="inline-block"
      renderRoot={(root) => <Link {...root} to="/explorer" search={search} />}
    >
      {t.dashboard.more(hidden)}
    </Anchor>
  );
}
