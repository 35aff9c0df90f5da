import { Select } from "@mantine/core";

import { SEVERITIES } from "../../api/detections";
import { useMay } from "../../api/me";
import { useChangeRule, type Rule } from "../../api/rules";
import { notifyProblem } from "../../parts/notify";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { SeverityMark } from "../security/SeverityMark";

/** How severe what a rule finds is: as its text says, or as it is set here. */
export function SeverityChoice({ rule }: { rule: Rule }) {
  const mayManage = useMay("rule:manage");
  const change = useChangeRule();
  if (!mayManage) {
    return <SeverityMark severity={rule.severity} />;
  }
  return (
    <Select
      aria-label={t.rules.severityOf(visibleText(rule.title))}
      size="xs"
      allowDeselect={false}
      disabled={change.isPending}
      data={SEVERITIES.map((value) => ({
        value,
        label:
          value === rule.severity_of_text
            ? t.rules.asWritten(t.security.severities[value])
            : t.security.severities[value],
      }))}
      value={rule.severity}
      onChange={(value) => {
        const severity = SEVERITIES.find((each) => each === value);
        if (severity !== undefined) {
          // As written is no setting: it follows the text when that changes.
          const set = severity === rule.severity_of_text ? null : severity;
          change.mutate({ id: rule.id, changes: { severity: set } }, { onError: notifyProblem });
        }
      }}
    />
  );
}
