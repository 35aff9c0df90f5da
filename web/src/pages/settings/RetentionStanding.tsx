import { Anchor, Badge } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import type { RetentionStatus } from "../../api/retention";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { bytes } from "../../texts/numbers";
import { useNow } from "../../time/useNow";
import { When } from "../../time/When";
import { Facts, type Fact } from "./Facts";
import { Section } from "./Section";

const words = t.settings.retention;

/** As late as the service itself finds a run overdue. */
const OVERDUE_MS = 2 * 3600 * 1000;

export function RetentionStanding({ status }: { status: RetentionStatus }) {
  const now = useNow();
  const mayChange = useMay("settings:manage");
  const next = status.next_run_at;
  const isOverdue = next !== null && now.getTime() - Date.parse(next) > OVERDUE_MS;
  const facts: Fact[] = [
    { label: words.keeps, value: words.days(status.days) },
    { label: words.exceptions, value: <Exceptions rules={status.rules} /> },
    {
      label: words.last,
      value: <When at={status.last_run_at} kind="both" none={words.neverRan} />,
    },
    {
      label: words.next,
      value: (
        <>
          <When at={next} kind="both" none={words.notDue} />
          {isOverdue && (
            <Badge tt="none" ml="sm" color="red" variant="dot">
              {words.overdue}
            </Badge>
          )}
        </>
      ),
    },
    {
      label: words.oldest,
      value: <When at={status.oldest_received_at} kind="both" none={words.none} />,
    },
    {
      label: words.oldestTime,
      value: <When at={status.oldest_timestamp} kind="both" none={words.none} />,
    },
    { label: words.held, value: `${words.heldOf(status.events)}, ${bytes(status.bytes)}` },
  ];
  return (
    <Section
      title={words.standing}
      actions={
        mayChange && (
          <Anchor
            size="sm"
            renderRoot={(props: object) => <Link to="/settings/organization" {...props} />}
          >
            {words.change}
          </Anchor>
        )
      }
    >
      <Facts facts={facts} />
    </Section>
  );
}

function Exceptions({ rules }: { rules: RetentionStatus["rules"] }) {
  if (rules.length === 0) return words.none;
  return rules.map((rule) => {
    const text = words.ruleText(rule.days, rule.action, rule.resource_type);
    return (
      <div key={text}>
        <Plain text={text} />
      </div>
    );
  });
}
