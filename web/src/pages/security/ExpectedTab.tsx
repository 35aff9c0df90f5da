import { Stack, Table, Text } from "@mantine/core";
import { IconCalendarOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { useMay } from "../../api/me";
import { rulesQuery } from "../../api/rules";
import { suppressionsQuery, useUnsuppress, type Suppression } from "../../api/suppressions";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { NoPermission } from "../../parts/NoPermission";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { useNow } from "../../time/useNow";
import { When } from "../../time/When";
import { PersonName } from "./PersonName";

export function ExpectedTab() {
  return useMay("rule:view") ? <Expected /> : <NoPermission permission="rule:view" />;
}

function Expected() {
  const words = t.security.expect;
  const found = useQuery(suppressionsQuery);
  if (found.isPending) {
    return <LoadingState rows={4} />;
  }
  if (found.isError) {
    return <ErrorState problem={found.error} retry={() => void found.refetch()} />;
  }
  if (found.data.length === 0) {
    return (
      <EmptyState
        icon={<IconCalendarOff size={32} aria-hidden />}
        title={words.empty}
        text={words.emptyHint}
      />
    );
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {words.listHint}
      </Text>
      <Table.ScrollContainer minWidth={760}>
        <Table aria-label={words.list} verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.subject}</Table.Th>
              <Table.Th>{t.security.list.rule}</Table.Th>
              <Table.Th>{words.reason}</Table.Th>
              <Table.Th>{words.ends}</Table.Th>
              <Table.Th>{words.by}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.data.map((each) => (
              <ExpectedRow key={each.id} expected={each} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

function ExpectedRow({ expected }: { expected: Suppression }) {
  const words = t.security.expect;
  const mayManage = useMay("rule:manage");
  const rules = useQuery(rulesQuery);
  const remove = useUnsuppress();
  const now = useNow();
  const hasEnded = Date.parse(expected.ends_at) <= Number(now);
  const rule = rules.data?.find((each) => each.id === expected.rule_id);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="xs" c="dimmed">
          {words.kinds[expected.subject]}
        </Text>
        <Plain text={expected.value} />
      </Table.Td>
      <Table.Td>
        {expected.rule_id === null ? (
          words.allRules
        ) : (
          <Plain text={rule?.title ?? expected.rule_id} />
        )}
      </Table.Td>
      <Table.Td>
        <Plain text={expected.reason} />
      </Table.Td>
      <Table.Td>
        <Text size="xs" c="dimmed">
          {hasEnded ? words.ended : words.ends}
        </Text>
        <When at={expected.ends_at} kind="absolute" />
      </Table.Td>
      <Table.Td>
        <PersonName userId={expected.created_by} />
      </Table.Td>
      <Table.Td>
        {mayManage && !hasEnded && (
          <ConfirmButton
            label={words.remove}
            title={words.remove}
            text={words.removeConfirm(expected.value)}
            confirmLabel={words.remove}
            isDanger={false}
            onConfirm={() => remove.mutateAsync(expected.id)}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}
