import { Button, Checkbox, Group, Modal, Radio, Stack, Text, Textarea } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import dayjs from "dayjs";
import { useState } from "react";

import { useTriage, type Detection } from "../../api/detections";
import { useMay } from "../../api/me";
import { useSuppress } from "../../api/suppressions";
import { ProblemNote } from "./ProblemNote";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { expectables, toSuppression } from "./expectation";

const PRESETS = [
  { days: 1, label: t.security.expect.presets.day },
  { days: 7, label: t.security.expect.presets.week },
  { days: 30, label: t.security.expect.presets.month },
  { days: 90, label: t.security.expect.presets.quarter },
] as const;

interface Props {
  detection: Detection;
  onClose: () => void;
}

/** Says that what was detected is expected until some day, and why. */
export function ExpectDialog({ detection, onClose }: Props) {
  const words = t.security.expect;
  const mayTriage = useMay("detection:manage");
  const suppress = useSuppress();
  const triage = useTriage(detection.id);
  const choices = expectables(detection);
  const [chosen, setChosen] = useState(0);
  const [isOfRule, setIsOfRule] = useState(true);
  const [reason, setReason] = useState("");
  const [endsAt, setEndsAt] = useState(() => dayjs().add(7, "day").toDate());
  const [isResolved, setIsResolved] = useState(mayTriage && detection.state !== "resolved");
  const [isTried, setIsTried] = useState(false);
  const expected = choices[chosen];
  const save = async () => {
    setIsTried(true);
    if (reason.trim() === "" || expected === undefined) {
      return;
    }
    await suppress.mutateAsync(toSuppression(detection, expected, reason, endsAt, isOfRule));
    if (isResolved) {
      await triage.mutateAsync({ state: "resolved", note: reason.trim() });
    }
    notifyDone(words.saved);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={words.title} centered size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          // A refusal is shown by the mutation's error.
          save().catch(() => undefined);
        }}
      >
        <Stack gap="md">
          <Text size="sm">{words.intro}</Text>
          <Radio.Group
            label={words.subject}
            value={String(chosen)}
            onChange={(value) => setChosen(Number(value))}
          >
            <Stack gap={6} mt={6}>
              {choices.map(({ subject, value }, index) => (
                <Radio
                  key={`${subject} ${value}`}
                  value={String(index)}
                  label={words.subjects[subject](value)}
                />
              ))}
            </Stack>
          </Radio.Group>
          {expected?.subject !== "group" && (
            <Checkbox
              label={words.ofRule}
              description={words.ofRuleHint}
              checked={isOfRule}
              onChange={(event) => setIsOfRule(event.currentTarget.checked)}
            />
          )}
          <Textarea
            label={words.reason}
            placeholder={words.reasonPlaceholder}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={isTried && reason.trim() === "" ? words.reasonMissing : undefined}
            maxLength={1000}
            required
            autosize
            minRows={2}
            data-autofocus
          />
          <div>
            <DateTimePicker
              label={words.until}
              description={words.untilHint}
              value={endsAt}
              onChange={(value) => value !== null && setEndsAt(dayjs(value).toDate())}
              minDate={new Date()}
              maxDate={dayjs().add(366, "day").toDate()}
              required
            />
            <Group gap="xs" mt="xs">
              {PRESETS.map(({ days, label }) => (
                <Button
                  key={days}
                  size="compact-xs"
                  variant="default"
                  onClick={() => setEndsAt(dayjs().add(days, "day").toDate())}
                >
                  {label}
                </Button>
              ))}
            </Group>
          </div>
          {mayTriage && detection.state !== "resolved" && (
            <Checkbox
              label={words.alsoResolve}
              checked={isResolved}
              onChange={(event) => setIsResolved(event.currentTarget.checked)}
            />
          )}
          <ProblemNote problem={suppress.error ?? triage.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t.security.actions.cancel}
            </Button>
            <Button type="submit" loading={suppress.isPending || triage.isPending}>
              {words.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
