import { Button, Checkbox, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";

import type { Channel } from "../../api/channels";
import { t } from "../../texts";
import { needsPeople } from "./alertDraft";
import { ChannelDialog } from "./ChannelDialog";
import { ChannelName } from "./ChannelName";
import { NumberedStep } from "./NumberedStep";
import { RecipientFields } from "./RecipientFields";
import type { StepProps } from "./step";

interface Props extends StepProps {
  channels: Channel[];
}

/** By which channels, and to whom. */
export function DeliveryStep({ draft, faults, channels, onChange }: Props) {
  const words = t.notifications.plan;
  const [isMaking, setIsMaking] = useState(false);
  return (
    <NumberedStep number={3} title={words.steps.how} hint={words.howHint}>
      <Stack gap="md" align="flex-start">
        <Checkbox.Group
          label={words.channels}
          value={draft.channels}
          error={faults.channels}
          onChange={(chosen) => onChange({ channels: chosen })}
        >
          <Stack gap={10} mt={6} mb={4}>
            {channels.length === 0 && <Text size="sm">{words.noChannels}</Text>}
            {channels.map((channel) => (
              <Checkbox
                key={channel.id}
                value={channel.id}
                label={<ChannelName channel={channel} />}
                description={hintOf(channel)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setIsMaking(true)}
        >
          {words.newChannel}
        </Button>
        <RecipientFields
          people={draft.people}
          roles={draft.roles}
          error={faults.recipients}
          onChange={onChange}
        />
      </Stack>
      {isMaking && (
        <ChannelDialog
          onMade={(channel) => onChange({ channels: [...draft.channels, channel.id] })}
          onClose={() => setIsMaking(false)}
        />
      )}
    </NumberedStep>
  );
}

function hintOf(channel: Channel): string | undefined {
  const words = t.notifications.plan;
  if (!channel.is_enabled) {
    return words.channelOff;
  }
  return needsPeople(channel) ? words.needsPeople : undefined;
}
