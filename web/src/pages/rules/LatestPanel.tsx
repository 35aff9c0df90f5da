import { Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { newestDetectionsQuery, STATES } from "../../api/detections";
import { useMay } from "../../api/me";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { When } from "../../time/When";
import { About } from "../security/About";
import { StateMark } from "../security/StateMark";
import classes from "./LatestPanel.module.css";

const SHOWN = 5;

/** What a rule found last. */
export function LatestPanel({ ruleId }: { ruleId: string }) {
  const mayView = useMay("detection:view");
  const found = useQuery({ ...newestDetectionsQuery(ruleId, SHOWN), enabled: mayView });
  if (!mayView) {
    return null;
  }
  const words = t.rules.editor;
  return (
    <Panel
      title={words.latest}
      actions={
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link {...props} to="/security" search={{ rule: ruleId, state: [...STATES] }} />
          )}
        >
          {words.latestAll}
        </Anchor>
      }
    >
      {found.isPending ? (
        <LoadingState rows={3} />
      ) : found.isError ? (
        <ErrorState problem={found.error} isCompact retry={() => void found.refetch()} />
      ) : found.data.length === 0 ? (
        <Text size="sm">{words.latestNone}</Text>
      ) : (
        <ul className={classes.list}>
          {found.data.map((each) => (
            <li key={each.id}>
              <Anchor
                size="sm"
                renderRoot={(props) => (
                  <Link {...props} to="/security/detections/$id" params={{ id: each.id }} />
                )}
              >
                {each.group.length > 0 ? (
                  <About group={each.group} />
                ) : (
                  <Plain text={each.rule_title} />
                )}
              </Anchor>
              <span className={classes.aside}>
                <When at={each.last_at} kind="relative" /> <StateMark state={each.state} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
