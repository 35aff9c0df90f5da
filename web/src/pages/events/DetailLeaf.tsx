import { IconLock } from "@tabler/icons-react";

import { t } from "../../texts";
import classes from "./Details.module.css";
import { LongText } from "./LongText";
import type { Node } from "./tree";

/** A value of details: text as it is, all else as JSON; or that a secret was here. */
export function DetailLeaf({ node }: { node: Node }) {
  const { value } = node;
  if (node.isRedacted) {
    return (
      <span className={classes.redacted} title={t.event.details.redactedTitle}>
        <IconLock size={12} aria-hidden />
        {t.event.details.redacted}
      </span>
    );
  }
  const isText = typeof value === "string" && value !== "";
  return <LongText text={isText ? value : JSON.stringify(value)} isMono={!isText} />;
}
