import { Button, Group, Stack } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import { ruleQuery, useDeleteRule, type Rule } from "../../api/rules";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { NoPermission } from "../../parts/NoPermission";
import { notifyDone } from "../../parts/notify";
import { PageHeader } from "../../parts/PageHeader";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { BuiltInRule } from "./BuiltInRule";
import { OwnRule } from "./OwnRule";
import { RuleSwitch } from "./RuleSwitch";
import { SeverityChoice } from "./SeverityChoice";

const route = getRouteApi("/app/rules/$id");

export function RulePage() {
  const { id } = route.useParams();
  const mayView = useMay("rule:view");
  const found = useQuery({ ...ruleQuery(id), enabled: mayView });
  if (found.data !== undefined) {
    return <Details rule={found.data} />;
  }
  return (
    <div className="tk-page">
      {!mayView ? (
        <NoPermission permission="rule:view" />
      ) : found.isError ? (
        <ErrorState problem={found.error} retry={() => void found.refetch()} />
      ) : (
        <LoadingState rows={10} />
      )}
    </div>
  );
}

function Details({ rule }: { rule: Rule }) {
  const mayManage = useMay("rule:manage");
  return (
    <Stack gap="md" className="tk-page">
      <PageHeader
        title={visibleText(rule.title)}
        heading={<Plain text={rule.title} />}
        description={rule.description === "" ? undefined : <Plain text={rule.description} />}
        trail={[{ label: t.rules.title, to: "/rules" }]}
        actions={mayManage && <Actions rule={rule} />}
      />
      <Group gap="lg">
        <RuleSwitch rule={rule} label={t.rules.editor.enabled} />
        <SeverityChoice rule={rule} />
      </Group>
      {rule.is_built_in || !mayManage ? <BuiltInRule rule={rule} /> : <OwnRule rule={rule} />}
    </Stack>
  );
}

function Actions({ rule }: { rule: Rule }) {
  const words = t.rules.editor;
  const navigate = route.useNavigate();
  const remove = useDeleteRule();
  const title = visibleText(rule.title);
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconCopy size={14} aria-hidden />}
        title={rule.is_built_in ? words.copyHint : undefined}
        renderRoot={(props) => <Link {...props} to="/rules/new" search={{ copy: rule.id }} />}
      >
        {words.copy}
      </Button>
      {!rule.is_built_in && (
        <ConfirmButton
          label={words.delete}
          title={words.deleteTitle(title)}
          text={words.deleteText}
          confirmLabel={words.delete}
          onConfirm={async () => {
            await remove.mutateAsync(rule.id);
            notifyDone(words.deleted(title));
            await navigate({ to: "/rules" });
          }}
        />
      )}
    </Group>
  );
}
