import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { useChangeAlertSetting, useCreateAlertSetting } from "../../api/alert_settings";
import { useCreateRule } from "../../api/rules";
import { toPlan, toRuleForm, type AlertDraft } from "./alertDraft";

interface MadeRule {
  /** What it was made of. */
  form: string;
  id: string;
}

/** Makes the rule of described events, where there are any, and then saves the setting. */
export function useSaveAlert(settingId: string | undefined) {
  const createRule = useCreateRule();
  const create = useCreateAlertSetting();
  const change = useChangeAlertSetting();
  // Where the setting is refused after its rule was made, the next try takes the same rule.
  const [made, setMade] = useState<MadeRule | null>(null);
  const ruleOf = async (draft: AlertDraft): Promise<string | null> => {
    if (draft.source !== "events") {
      return null;
    }
    const form = toRuleForm(draft);
    const key = JSON.stringify(form);
    if (made?.form === key) {
      return made.id;
    }
    const rule = await createRule.mutateAsync({ form, enabled: true });
    setMade({ form: key, id: rule.id });
    return rule.id;
  };
  return useMutation({
    mutationFn: async (draft: AlertDraft) => {
      const plan = toPlan(draft, await ruleOf(draft));
      const changes = { name: draft.name.trim(), plan, is_enabled: draft.isEnabled };
      return settingId === undefined
        ? create.mutateAsync(changes)
        : change.mutateAsync({ id: settingId, changes });
    },
  });
}
