import { Button, Group, Text } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";

import { useReplaceRule, type Rule } from "../../api/rules";
import { notifyDone } from "../../parts/notify";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { When } from "../../time/When";
import { PersonName } from "../security/PersonName";
import { ProblemNote } from "../security/ProblemNote";
import { LatestPanel } from "./LatestPanel";
import { RehearsalPanel } from "./RehearsalPanel";
import { RuleEditor } from "./RuleEditor";
import { useDraft } from "./useDraft";

const route = getRouteApi("/app/rules/$id");

/** A rule of the organization's own: changed, rehearsed, saved. */
export function OwnRule({ rule }: { rule: Rule }) {
  const words = t.rules.editor;
  const navigate = route.useNavigate();
  const { rehearsal } = route.useSearch();
  const editing = useDraft({ by: "text", text: rule.text }, rule.id);
  const replace = useReplaceRule(rule.id);
  const isUsable = editing.check?.is_valid === true && !editing.isChecking;
  const save = () =>
    replace.mutate(
      { text: editing.text },
      {
        onSuccess: (saved) => {
          editing.restart({ by: "text", text: saved.text });
          notifyDone(words.saved(visibleText(saved.title)));
        },
      },
    );
  return (
    <>
      <RuleEditor editing={editing} />
      <ProblemNote problem={replace.error} />
      <Group>
        <Button disabled={!isUsable || !editing.isDirty} loading={replace.isPending} onClick={save}>
          {words.save}
        </Button>
        <Text size="sm" c="dimmed" component="span">
          {editing.isDirty ? (
            words.unsaved
          ) : (
            <>
              {words.changed} <When at={rule.updated_at ?? rule.created_at} kind="relative" />{" "}
              {rule.updated_by !== null && (
                <>
                  {words.by} <PersonName userId={rule.updated_by} />
                </>
              )}
            </>
          )}
        </Text>
      </Group>
      <RehearsalPanel
        text={editing.text}
        isUsable={isUsable}
        kind={editing.check?.kind ?? null}
        rehearsalId={rehearsal}
        onAsked={(id) =>
          void navigate({ search: { rehearsal: id }, replace: true, resetScroll: false })
        }
      />
      <LatestPanel ruleId={rule.id} />
    </>
  );
}
