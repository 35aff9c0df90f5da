import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { Channel } from "../../api/channels";
import { useMay } from "../../api/me";
import { rulesQuery } from "../../api/rules";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { toPlan, type AlertDraft } from "./alertDraft";
import { sentenceOf } from "./describedEvents";
import { planWords } from "./planWords";

interface Props {
  draft: AlertDraft;
  channels: Channel[];
}

/** All that was chosen, as one sentence. */
export function AlertSentence({ draft, channels }: Props) {
  const mayView = useMay("rule:view");
  const rules = useQuery({ ...rulesQuery, enabled: mayView });
  const said = planWords(toPlan(draft, null), channels, rules.data ?? []);
  const what = draft.source === "events" ? visibleText(sentenceOf(draft.events)) : said.what;
  return (
    <Text size="sm" component="p" m={0}>
      <strong>{t.notifications.plan.inOneSentence}:</strong> {what}; {said.whom}; {said.when}.
    </Text>
  );
}
