import { Switch } from "@mantine/core";

import { useMay } from "../../api/me";
import { useChangeRule, type Rule } from "../../api/rules";
import { notifyDone, notifyProblem } from "../../parts/notify";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";

interface Props {
  rule: Rule;
  label?: string;
}

/** Whether a rule watches; whoever may, turns it on and off. */
export function RuleSwitch({ rule, label }: Props) {
  const mayManage = useMay("rule:manage");
  const change = useChangeRule();
  const title = visibleText(rule.title);
  return (
    <Switch
      label={label}
      aria-label={label === undefined ? t.rules.turn(title) : undefined}
      checked={change.isPending ? change.variables.changes.enabled : rule.is_enabled}
      disabled={!mayManage || change.isPending}
      onChange={(event) =>
        change.mutate(
          { id: rule.id, changes: { enabled: event.currentTarget.checked } },
          {
            onSuccess: (changed) =>
              notifyDone(changed.is_enabled ? t.rules.turnedOn(title) : t.rules.turnedOff(title)),
            onError: notifyProblem,
          },
        )
      }
    />
  );
}
