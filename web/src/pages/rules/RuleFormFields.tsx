import {
  Group,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";

import type { ApiProblem } from "../../api/client";
import { SEVERITIES } from "../../api/detections";
import type { RuleForm } from "../../api/rules";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { fieldOf, wordsOf } from "./problems";
import { SpanInput } from "./SpanInput";

interface Props {
  form: RuleForm;
  problem: ApiProblem | null;
  sentence: string | null;
  onChange: (form: RuleForm) => void;
}

/** What can be grouped by, the most useful first; other fields may be typed. */
const GROUP_FIELDS = [
  "user",
  "ip_address",
  "user_email",
  "resource_id",
  "resource_type",
  "country",
  "action",
  "source",
];

export function RuleFormFields({ form, problem, sentence, onChange }: Props) {
  const words = t.rules.form;
  const change = (changes: Partial<RuleForm>) => onChange({ ...form, ...changes });
  const errorAt = (field: keyof RuleForm) =>
    problem !== null && fieldOf(problem) === field ? wordsOf(problem) : undefined;
  return (
    <Stack gap="sm">
      <TextInput
        label={words.name}
        description={words.nameHint}
        placeholder={words.namePlaceholder}
        value={form.title}
        error={errorAt("title")}
        maxLength={256}
        required
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <Textarea
        label={words.query}
        description={words.queryHint}
        placeholder={words.queryPlaceholder}
        value={form.query}
        error={errorAt("query")}
        maxLength={4000}
        autosize
        minRows={1}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        onChange={(event) => change({ query: event.currentTarget.value })}
      />
      <Group gap="sm" align="flex-start" grow>
        <NumberInput
          label={words.moreThan}
          suffix={` ${words.moreThanHint}`}
          value={form.more_than}
          error={errorAt("more_than")}
          min={0}
          max={1_000_000}
          allowDecimal={false}
          thousandSeparator=","
          onChange={(value) => typeof value === "number" && change({ more_than: value })}
        />
        <SpanInput
          label={words.window}
          seconds={form.window_seconds}
          error={errorAt("window_seconds")}
          least={1}
          onChange={(window_seconds) => change({ window_seconds })}
        />
      </Group>
      <TagsInput
        label={words.groupBy}
        description={words.groupByHint}
        placeholder={(form.group_by ?? []).length === 0 ? words.groupPlaceholder : undefined}
        data={GROUP_FIELDS}
        value={form.group_by ?? []}
        error={errorAt("group_by")}
        maxTags={5}
        onChange={(group_by) => change({ group_by })}
      />
      <Group gap="sm" align="flex-start" grow>
        <Select
          label={words.severity}
          data={SEVERITIES.map((value) => ({ value, label: t.security.severities[value] }))}
          value={form.severity ?? "medium"}
          allowDeselect={false}
          onChange={(value) => {
            const severity = SEVERITIES.find((each) => each === value);
            change({ severity });
          }}
        />
        <SpanInput
          label={words.quiet}
          seconds={form.quiet_seconds}
          error={errorAt("quiet_seconds")}
          least={0}
          onChange={(quiet_seconds) => change({ quiet_seconds })}
        />
      </Group>
      <Text size="xs" c="dimmed">
        {words.quietHint}
      </Text>
      <Textarea
        label={words.description}
        value={form.description}
        maxLength={4000}
        autosize
        minRows={1}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
      {sentence !== null && (
        <Text size="sm" component="div">
          <strong>{words.sentence}:</strong> <Plain text={sentence} isMono />
        </Text>
      )}
    </Stack>
  );
}
