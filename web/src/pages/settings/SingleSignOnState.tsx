import { Alert, Button, Group, List, Text } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";

import {
  useRemoveSingleSignOn,
  useTestSingleSignOn,
  type SingleSignOn,
  type SingleSignOnTest,
} from "../../api/single_sign_on";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { CopyButton } from "../../parts/CopyButton";
import { notifyDone } from "../../parts/notify";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { Facts, type Fact } from "./Facts";
import { Section } from "./Section";

const words = t.settings.singleSignOn;

/** The addresses that the provider and members need, and whether the provider answers. */
export function SingleSignOnState({ known }: { known: SingleSignOn | null }) {
  const test = useTestSingleSignOn();
  const remove = useRemoveSingleSignOn();
  const redirect = known?.redirect_uri ?? `${window.location.origin}/sign-in/oidc/callback`;
  const address = (value: string, label: string) => (
    <Group gap={4} wrap="nowrap">
      <Plain text={value} isMono />
      <CopyButton value={value} label={label} />
    </Group>
  );
  const facts: Fact[] = [{ label: words.redirect, value: address(redirect, words.copyRedirect) }];
  if (known !== null) {
    facts.push({ label: words.start, value: address(known.sign_in_url, words.copyStart) });
  }
  return (
    <Section title={words.state}>
      {known === null && (
        <Text mb="sm" size="sm">
          <b>{words.none}.</b> {words.noneText}
        </Text>
      )}
      <Facts facts={facts} />
      {known !== null && (
        <>
          <ProblemNote error={test.error} mt="md" />
          {test.data && <TestResult result={test.data} />}
          <Group mt="md">
            <Button
              variant="default"
              loading={test.isPending}
              onClick={() => {
                test.mutate();
              }}
            >
              {words.test}
            </Button>
            <ConfirmButton
              label={words.remove}
              title={words.removeTitle}
              text={words.removeText}
              confirmLabel={words.remove}
              size="sm"
              variant="default"
              onConfirm={() =>
                remove.mutateAsync().then(() => {
                  notifyDone(words.removed);
                })
              }
            />
          </Group>
        </>
      )}
    </Section>
  );
}

function TestResult({ result }: { result: SingleSignOnTest }) {
  const Icon = result.is_working ? IconCircleCheck : IconAlertCircle;
  return (
    <Alert
      mt="md"
      role="status"
      color={result.is_working ? "green" : "red"}
      icon={<Icon aria-hidden />}
      title={result.is_working ? words.works : words.fails}
    >
      {result.is_working && <Text size="sm">{words.worksText(result.keys)}</Text>}
      {result.detail && (
        <Text size="sm" component="div">
          <Plain text={result.detail} />{" "}
          {result.code && <span className="tk-mono">{result.code}</span>}
        </Text>
      )}
      {(result.warnings ?? []).length > 0 && (
        <List size="sm" mt="xs">
          {result.warnings?.map((warning) => (
            <List.Item key={warning}>{warning}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
