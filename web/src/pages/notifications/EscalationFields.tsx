import { MultiSelect, Radio, Select, Stack, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { alertSettingsQuery } from "../../api/alert_settings";
import type { Channel } from "../../api/channels";
import { t } from "../../texts";
import { SpanInput } from "../rules/SpanInput";
import { USUAL_ESCALATION, type EscalationDraft } from "./alertDraft";
import { RecipientFields } from "./RecipientFields";

interface Props {
  escalation: EscalationDraft | null;
  channels: Channel[];
  settingId: string | undefined;
  error: string | undefined;
  onChange: (escalation: EscalationDraft | null) => void;
}

const MINUTE = 60;

/** Who hears of it where nobody has taken it on in time. */
export function EscalationFields({ escalation, channels, settingId, error, onChange }: Props) {
  const words = t.notifications.plan;
  const settings = useQuery(alertSettingsQuery);
  const others = (settings.data ?? []).filter((each) => each.id !== settingId);
  const change = (changes: Partial<EscalationDraft>) =>
    escalation && onChange({ ...escalation, ...changes });
  return (
    <Stack gap="sm">
      <Switch
        label={words.escalate}
        checked={escalation !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? USUAL_ESCALATION : null)}
      />
      {escalation !== null && (
        <Stack gap="sm" ml={{ base: 0, sm: 50 }}>
          <SpanInput
            label={words.after}
            seconds={escalation.afterMinutes * MINUTE}
            least={1}
            onChange={(seconds) =>
              change({ afterMinutes: Math.max(1, Math.round(seconds / MINUTE)) })
            }
          />
          {others.length > 0 && (
            <Radio.Group
              label={words.to}
              value={escalation.isBySetting ? "setting" : "people"}
              onChange={(value) => change({ isBySetting: value === "setting" })}
            >
              <Stack gap={8} mt={6}>
                <Radio value="people" label={words.toPeople} />
                <Radio value="setting" label={words.toSetting} />
              </Stack>
            </Radio.Group>
          )}
          {escalation.isBySetting ? (
            <Select
              label={words.setting}
              data={others.map((each) => ({ value: each.id, label: each.name }))}
              value={escalation.setting}
              error={error}
              w={320}
              onChange={(setting) => change({ setting })}
            />
          ) : (
            <>
              <MultiSelect
                label={words.escalateChannels}
                data={channels.map((each) => ({ value: each.id, label: each.name }))}
                value={escalation.channels}
                error={error}
                maw={480}
                onChange={(chosen) => change({ channels: chosen })}
              />
              <RecipientFields
                people={escalation.people}
                roles={escalation.roles}
                onChange={change}
              />
            </>
          )}
        </Stack>
      )}
    </Stack>
  );
}
