import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { useMay } from "../../api/me";
import { ruleQuery } from "../../api/rules";
import { MeaningText } from "../rules/MeaningText";
import { t } from "../../texts";
import { Panel } from "../../parts/Panel";

/** What a detection of this rule means, when it is a false alarm, and what to do. */
export function MeaningCard({ ruleId }: { ruleId: string }) {
  const mayView = useMay("rule:view");
  const found = useQuery({ ...ruleQuery(ruleId), enabled: mayView, retry: false });
  // A rule that was deleted since has nothing to say any more.
  if (!mayView || found.data === undefined) {
    return null;
  }
  return (
    <Panel title={t.security.detail.meaning}>
      {found.data.description && (
        <Text size="sm" mb="sm">
          {found.data.description}
        </Text>
      )}
      <MeaningText rule={found.data} />
    </Panel>
  );
}
