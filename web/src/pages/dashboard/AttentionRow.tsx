import { Link } from "@tanstack/react-router";

import type { Detection } from "../../api/detections";
import { Plain } from "../../parts/Plain";
import { When } from "../../time/When";
import { SeverityMark } from "../security/SeverityMark";
import { GroupName } from "./GroupName";
import classes from "./NeedsAttention.module.css";

/** A detection in two lines, as a link to it. */
export function AttentionRow({ detection }: { detection: Detection }) {
  return (
    <li>
      <Link to="/security/detections/$id" params={{ id: detection.id }} className={classes.row}>
        <span className={classes.first}>
          <span className={classes.title}>
            <Plain text={detection.rule_title} />
          </span>
          <SeverityMark severity={detection.severity} />
        </span>
        <span className={classes.second}>
          <span className={classes.group}>
            <GroupName detection={detection} />
          </span>
          <span className={classes.when}>
            <When at={detection.last_at} kind="relative" />
          </span>
        </span>
      </Link>
    </li>
  );
}
