import { NumberInput, Select, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";

import { KINDS } from "../../api/channels";
import { t } from "../../texts";
import { PAGERDUTY_URL, WITH_URL, type ChannelDraft, type ChannelFaults } from "./channelDraft";

interface Props {
  draft: ChannelDraft;
  isNew: boolean;
  faults: ChannelFaults;
  onChange: (changes: Partial<ChannelDraft>) => void;
}

/** What a kind of channel needs. Of what is sealed, nothing is shown again. */
export function ChannelFields({ draft, isNew, faults, onChange }: Props) {
  const words = t.notifications.channels.form;
  const { kind } = draft;
  return (
    <Stack gap="sm">
      <Select
        label={words.kind}
        description={t.notifications.kindHints[kind]}
        data={KINDS.map((value) => ({ value, label: t.notifications.kinds[value] }))}
        value={kind}
        disabled={!isNew}
        allowDeselect={false}
        onChange={(value) => {
          const chosen = KINDS.find((each) => each === value);
          if (chosen !== undefined) {
            onChange({ kind: chosen });
          }
        }}
      />
      <TextInput
        label={words.name}
        placeholder={words.namePlaceholder}
        value={draft.name}
        error={faults.name}
        maxLength={200}
        required
        data-autofocus
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      {kind === "email" && (
        <TagsInput
          label={words.to}
          description={words.toHint}
          placeholder={draft.to.length === 0 ? words.toPlaceholder : undefined}
          value={draft.to}
          maxTags={50}
          splitChars={[",", ";", " "]}
          acceptValueOnBlur
          onChange={(to) => onChange({ to })}
        />
      )}
      {WITH_URL.has(kind) && (
        <TextInput
          label={words.url}
          description={isNew ? words.urlHints[kind] : words.urlKeep}
          type="url"
          autoComplete="off"
          value={draft.url}
          error={faults.url}
          maxLength={2000}
          required={isNew}
          onChange={(event) => onChange({ url: event.currentTarget.value })}
        />
      )}
      {kind === "mattermost" && (
        <TextInput
          label={words.channel}
          description={words.channelHint}
          value={draft.room}
          maxLength={100}
          onChange={(event) => onChange({ room: event.currentTarget.value })}
        />
      )}
      {kind === "pagerduty" && (
        <>
          <TextInput
            label={words.routingKey}
            description={isNew ? words.routingKeyHint : words.routingKeyKeep}
            autoComplete="off"
            value={draft.routingKey}
            error={faults.routingKey}
            maxLength={128}
            required={isNew}
            onChange={(event) => onChange({ routingKey: event.currentTarget.value })}
          />
          <TextInput
            label={words.pagerdutyUrl}
            description={words.pagerdutyUrlHint}
            placeholder={PAGERDUTY_URL}
            type="url"
            value={draft.url}
            maxLength={2000}
            onChange={(event) => onChange({ url: event.currentTarget.value })}
          />
        </>
      )}
      {kind === "webhook" && isNew && <Text size="sm">{words.secretHint}</Text>}
      {kind !== "in_app" && (
        <NumberInput
          label={words.perMinute}
          description={words.perMinuteHint}
          value={draft.perMinute ?? ""}
          min={1}
          max={6000}
          allowDecimal={false}
          maw={220}
          onChange={(value) => onChange({ perMinute: typeof value === "number" ? value : null })}
        />
      )}
      <Switch
        label={words.enabled}
        checked={draft.isEnabled}
        onChange={(event) => onChange({ isEnabled: event.currentTarget.checked })}
      />
    </Stack>
  );
}
