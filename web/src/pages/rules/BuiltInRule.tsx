import { Badge, Group } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import type { Rule } from "../../api/rules";
import { CopyButton } from "../../parts/CopyButton";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import classes from "./BuiltInRule.module.css";
import { LatestPanel } from "./LatestPanel";
import { MeaningText } from "./MeaningText";
import { RehearsalPanel } from "./RehearsalPanel";
import { TextEditor } from "./TextEditor";

const route = getRouteApi("/app/rules/$id");

/** A rule whose text cannot be changed here: what it means, what it watches, what it found. */
export function BuiltInRule({ rule }: { rule: Rule }) {
  const words = t.rules.editor;
  const mayManage = useMay("rule:manage");
  const navigate = route.useNavigate();
  const { rehearsal } = route.useSearch();
  return (
    <>
      <div className={classes.columns}>
        <div className={classes.column}>
          <Panel title={words.meaning}>
            <MeaningText rule={rule} />
          </Panel>
          <Panel title={words.facts}>
            <dl className={classes.facts}>
              <dt>{words.kind}</dt>
              <dd>{t.rules.kinds[rule.kind] ?? rule.kind}</dd>
              <dt>{words.groupBy}</dt>
              <dd>
                <Plain text={rule.group_by.join(", ") || words.noGroup} />
              </dd>
              <dt>{words.window}</dt>
              <dd>{t.rules.span(rule.window_seconds)}</dd>
              {rule.quiet_seconds > 0 && (
                <>
                  <dt>{words.quiet}</dt>
                  <dd>{t.rules.span(rule.quiet_seconds)}</dd>
                </>
              )}
              {rule.tags.length > 0 && (
                <>
                  <dt>{words.tags}</dt>
                  <dd>
                    <Group gap={4}>
                      {rule.tags.map((tag) => (
                        <Badge key={tag} variant="default" tt="none">
                          <Plain text={tag} />
                        </Badge>
                      ))}
                    </Group>
                  </dd>
                </>
              )}
            </dl>
          </Panel>
          <LatestPanel ruleId={rule.id} />
        </div>
        <Panel
          title={words.readOnly}
          counts={rule.is_built_in ? words.copyHint : undefined}
          actions={<CopyButton value={rule.text} label={t.rules.text.copy} />}
        >
          <TextEditor label={t.rules.text.label} text={rule.text} />
        </Panel>
      </div>
      {mayManage && (
        <RehearsalPanel
          text={rule.text}
          isUsable
          kind={rule.kind}
          rehearsalId={rehearsal}
          onAsked={(id) =>
            void navigate({ search: { rehearsal: id }, replace: true, resetScroll: false })
          }
        />
      )}
    </>
  );
}
