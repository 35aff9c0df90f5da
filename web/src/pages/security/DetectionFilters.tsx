import { Button, Group, Select, Stack } from "@mantine/core";
import { IconFilterX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import {
  countsQuery,
  SEVERITIES,
  STATES,
  type DetectionFilter,
  type DetectionState,
  type Severity,
} from "../../api/detections";
import { useMay } from "../../api/me";
import { rulesQuery } from "../../api/rules";
import { t } from "../../texts";
import { AssigneeFilter } from "./AssigneeFilter";
import { CountedChoices } from "./CountedChoices";
import { OpenedFilter } from "./OpenedFilter";
import { isNarrowed, toggled, toRange, WAITING, withRange, type SecuritySearch } from "./search";

const route = getRouteApi("/app/security");

/** Which detections are shown; all of it is in the URL. */
export function DetectionFilters({ filter }: { filter: DetectionFilter }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayViewRules = useMay("rule:view");
  const rules = useQuery({ ...rulesQuery, enabled: mayViewRules });
  const counts = useQuery(countsQuery(filter)).data;
  const change = (changes: Partial<SecuritySearch>) =>
    void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  const chooseStates = (state: DetectionState) => {
    const states = toggled(search.state ?? WAITING, state);
    const isUsual =
      states.length === WAITING.length && WAITING.every((each) => states.includes(each));
    change({ state: isUsual || states.length === 0 ? undefined : states });
  };
  const chooseSeverity = (severity: Severity) => {
    const severities = toggled(search.severity ?? [], severity);
    change({ severity: severities.length === 0 ? undefined : severities });
  };
  return (
    <Stack gap="xs">
      <CountedChoices
        label={t.security.list.states}
        choices={STATES.map((value) => ({ value, label: t.security.states[value] }))}
        chosen={search.state ?? WAITING}
        counts={counts?.by_state}
        onToggle={chooseStates}
      />
      <CountedChoices
        label={t.security.list.severities}
        choices={SEVERITIES.map((value) => ({ value, label: t.security.severities[value] }))}
        chosen={search.severity ?? []}
        counts={counts?.by_severity}
        onToggle={chooseSeverity}
      />
      <Group gap="sm" align="flex-end">
        {mayViewRules && (
          <Select
            size="xs"
            label={t.security.list.rule}
            placeholder={t.security.list.anyRule}
            data={(rules.data ?? []).map((rule) => ({ value: rule.id, label: rule.title }))}
            value={search.rule ?? null}
            onChange={(rule) => change({ rule: rule ?? undefined })}
            searchable
            clearable
            w={260}
          />
        )}
        <AssigneeFilter value={search.assignee} onChange={(assignee) => change({ assignee })} />
        <OpenedFilter
          range={toRange(search)}
          onChange={(range) =>
            void navigate({ search: (before) => withRange(before, range), replace: true })
          }
        />
        {isNarrowed(search) && (
          <Button
            size="xs"
            variant="subtle"
            leftSection={<IconFilterX size={16} aria-hidden />}
            onClick={() => void navigate({ search: {}, replace: true })}
          >
            {t.security.list.clear}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
