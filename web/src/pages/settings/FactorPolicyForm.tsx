import { Alert, Button, Group, NumberInput, Progress, Text } from "@mantine/core";
import { useState } from "react";

import { useSetFactorPolicy, type FactorPolicy } from "../../api/factors";
import { useMe } from "../../api/me";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { When } from "../../time/When";
import { ProblemNote } from "../sign-in/ProblemNote";
import { Section } from "./Section";

const words = t.settings.policy;
const MAX_GRACE_DAYS = 365;

/** How many have a second factor, and whether and from when each must. */
export function FactorPolicyForm({ policy }: { policy: FactorPolicy }) {
  const me = useMe();
  const [days, setDays] = useState<number | string>(7);
  const set = useSetFactorPolicy();
  const having = policy.members - policy.members_without;
  const hasNone = !me.second_factor?.methods.some((each) => each !== "recovery_code");
  const done = {
    onSuccess: () => {
      notifyDone(words.done);
    },
  };
  const require = () => {
    set.mutate({ required: true, grace_days: Number(days) }, done);
  };
  const release = () => set.mutateAsync({ required: false, grace_days: 0 });
  return (
    <>
      <Section title={words.standing}>
        <Text fw={600} mb="xs">
          {words.have(having, policy.members)}
        </Text>
        <Progress
          value={policy.members === 0 ? 0 : (100 * having) / policy.members}
          aria-label={words.have(having, policy.members)}
        />
        <Text size="sm" c="dimmed" mt="xs">
          {words.lack(policy.members_without)}
        </Text>
      </Section>
      <Section title={words.rule} description={words.after}>
        <ProblemNote error={set.error} />
        <Text mb="md" size="sm">
          {policy.required_from === null ? (
            words.optional
          ) : (
            <>
              {words.requiredFrom} <When at={policy.required_from} kind="both" />
            </>
          )}
        </Text>
        {hasNone && (
          <Alert color="orange" mb="md">
            {words.yourself}
          </Alert>
        )}
        <NumberInput
          label={words.grace}
          description={words.graceHint}
          min={0}
          max={MAX_GRACE_DAYS}
          allowDecimal={false}
          maw={280}
          value={days}
          onChange={setDays}
        />
        <Group mt="lg">
          <Button loading={set.isPending} disabled={days === ""} onClick={require}>
            {policy.required ? words.again : words.require}
          </Button>
          {policy.required && (
            <ConfirmButton
              label={words.release}
              title={words.release}
              text={words.releaseText}
              confirmLabel={words.release}
              size="sm"
              variant="default"
              onConfirm={() =>
                release().then(() => {
                  notifyDone(words.done);
                })
              }
            />
          )}
        </Group>
      </Section>
    </>
  );
}
