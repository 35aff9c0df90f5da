import { Button, Checkbox, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";

import { useMay } from "../../api/me";
import { ruleQuery, useCreateRule } from "../../api/rules";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { NoPermission } from "../../parts/NoPermission";
import { notifyDone } from "../../parts/notify";
import { PageHeader } from "../../parts/PageHeader";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { ProblemNote } from "../security/ProblemNote";
import { asCopy, EMPTY_FORM, formOfSearch, type Draft } from "./draft";
import { RehearsalPanel } from "./RehearsalPanel";
import { RuleEditor } from "./RuleEditor";
import { useDraft } from "./useDraft";

const route = getRouteApi("/app/rules/new");

/** A rule is written: from nothing, from a search, or as a copy of another. */
export function NewRulePage() {
  const { copy, q } = route.useSearch();
  const mayManage = useMay("rule:manage");
  const copied = useQuery({ ...ruleQuery(copy ?? ""), enabled: copy !== undefined && mayManage });
  const words = t.rules.editor;
  return (
    <Stack gap="md" className="tk-page">
      <PageHeader
        title={words.newTitle}
        description={words.newDescription}
        trail={[{ label: t.rules.title, to: "/rules" }]}
      />
      {!mayManage ? (
        <NoPermission permission="rule:manage" />
      ) : copy === undefined ? (
        // The search is what the page begins with: another search is another page.
        <NewRule
          key={q ?? ""}
          initial={{
            by: "form",
            form: q === undefined ? EMPTY_FORM : formOfSearch(q, words.titleOfSearch),
          }}
        />
      ) : copied.isPending ? (
        <LoadingState rows={12} />
      ) : copied.isError ? (
        <ErrorState problem={copied.error} retry={() => void copied.refetch()} />
      ) : (
        <NewRule
          key={copy}
          initial={{
            by: "text",
            text: asCopy(copied.data.text, copied.data.title, words.copyOf(copied.data.title)),
          }}
        />
      )}
    </Stack>
  );
}

function NewRule({ initial }: { initial: Draft }) {
  const words = t.rules.editor;
  const navigate = route.useNavigate();
  const { rehearsal } = route.useSearch();
  const editing = useDraft(initial);
  const create = useCreateRule();
  const [isOn, setIsOn] = useState(true);
  const isUsable = editing.check?.is_valid === true && !editing.isChecking;
  const save = () =>
    create.mutate(
      { text: editing.text, enabled: isOn },
      {
        onSuccess: (rule) => {
          notifyDone(words.saved(visibleText(rule.title)));
          void navigate({ to: "/rules/$id", params: { id: rule.id }, search: { rehearsal } });
        },
      },
    );
  return (
    <>
      <RuleEditor editing={editing} />
      <RehearsalPanel
        text={editing.text}
        isUsable={isUsable}
        kind={editing.check?.kind ?? null}
        rehearsalId={rehearsal}
        onAsked={(id) =>
          void navigate({
            search: (before) => ({ ...before, rehearsal: id }),
            replace: true,
            resetScroll: false,
          })
        }
      />
      <ProblemNote problem={create.error} />
      <Group>
        <Button disabled={!isUsable} loading={create.isPending} onClick={save}>
          {words.saveNew}
        </Button>
        <Checkbox
          label={words.on}
          checked={isOn}
          onChange={(event) => setIsOn(event.currentTarget.checked)}
        />
      </Group>
    </>
  );
}
