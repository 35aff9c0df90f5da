import { Button, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { IconFileImport, IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";

import { countsQuery } from "../../api/detections";
import { useMay } from "../../api/me";
import { rulesQuery } from "../../api/rules";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { Panel } from "../../parts/Panel";
import { useListKeys } from "../../shell/shortcuts/useListKeys";
import { t } from "../../texts";
import { matching } from "./matching";
import { RuleList } from "./RuleList";
import { WHICH, type RulesSearch } from "./search";

const route = getRouteApi("/app/rules");

export function RulesPage() {
  const mayManage = useMay("rule:manage");
  const mayView = useMay("rule:view");
  return (
    <Stack gap="md" className="tk-page">
      <PageHeader
        title={t.rules.title}
        description={t.rules.description}
        actions={
          mayManage && (
            <>
              <Button
                variant="default"
                leftSection={<IconFileImport size={16} aria-hidden />}
                renderRoot={(props) => <Link {...props} to="/rules/import" />}
              >
                {t.rules.import}
              </Button>
              <Button
                leftSection={<IconPlus size={16} aria-hidden />}
                renderRoot={(props) => <Link {...props} to="/rules/new" />}
              >
                {t.rules.new}
              </Button>
            </>
          )
        }
      />
      {mayView ? <Rules /> : <NoPermission permission="rule:view" />}
    </Stack>
  );
}

function Rules() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayManage = useMay("rule:manage");
  const mayCount = useMay("detection:view");
  const found = useQuery(rulesQuery);
  const counts = useQuery({ ...countsQuery(), enabled: mayCount });
  const lists = useListKeys<HTMLDivElement>({ name: t.rules.title, words: t.rules.keys });
  const change = (changes: RulesSearch) =>
    void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  if (found.isPending) {
    return <LoadingState rows={12} />;
  }
  if (found.isError) {
    return <ErrorState problem={found.error} retry={() => void found.refetch()} />;
  }
  const shown = matching(found.data, search);
  const own = shown.filter((rule) => !rule.is_built_in);
  const builtIn = shown.filter((rule) => rule.is_built_in);
  const byRule = mayCount ? counts.data?.by_rule : undefined;
  const isNarrowed = search.find !== undefined || search.which !== undefined;
  return (
    <>
      <Group gap="sm">
        <TextInput
          aria-label={t.rules.search}
          placeholder={t.rules.search}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search.find ?? ""}
          onChange={(event) => change({ find: event.currentTarget.value || undefined })}
          w={280}
        />
        <SegmentedControl
          aria-label={t.rules.which}
          data={WHICH.map((value) => ({ value, label: t.rules.filters[value] }))}
          value={search.which ?? "all"}
          onChange={(value) =>
            change({ which: WHICH.find((each) => each === value && value !== "all") })
          }
        />
      </Group>
      {!mayManage && (
        <Text size="sm" c="dimmed">
          {t.rules.noPermission}
        </Text>
      )}
      {shown.length === 0 && isNarrowed && (
        <EmptyState title={t.rules.noMatch} text={t.rules.noMatchHint} />
      )}
      <Stack ref={lists} gap="md">
        {(own.length > 0 || !isNarrowed) && (
          <Panel title={t.rules.own} counts={t.rules.ownHint} isFlush>
            {own.length > 0 ? (
              <RuleList label={t.rules.own} rules={own} found={byRule} />
            ) : (
              <EmptyState title={t.rules.noOwn} text={t.rules.noOwnHint} isCompact />
            )}
          </Panel>
        )}
        {builtIn.length > 0 && (
          <Panel title={t.rules.builtIn} counts={t.rules.builtInHint} isFlush>
            <RuleList label={t.rules.builtIn} rules={builtIn} found={byRule} />
          </Panel>
        )}
      </Stack>
    </>
  );
}
