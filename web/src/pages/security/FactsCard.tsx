import { Anchor, Badge, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Detection } from "../../api/detections";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { When } from "../../time/When";
import { Panel } from "../../parts/Panel";
import classes from "./FactsCard.module.css";
import { PEOPLE } from "./fields";
import { toTerm } from "./links";
import { PersonName } from "./PersonName";

/** What a detection is about, as a list of facts. */
export function FactsCard({ detection }: { detection: Detection }) {
  const words = t.security.detail;
  return (
    <Panel title={words.facts}>
      <dl className={classes.facts}>
        <Fact name={words.rule}>
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link to="/rules/$id" params={{ id: detection.rule_id }} {...props} />
            )}
          >
            <Plain text={detection.rule_title} />
          </Anchor>
          <div className={classes.dim}>{words.version(detection.rule_version)}</div>
        </Fact>
        {detection.group.map(({ field, value }) => (
          <Fact key={field} name={field}>
            <Anchor
              size="sm"
              title={words.searchFor(field, value)}
              renderRoot={(props) => (
                <Link to="/explorer" search={{ q: toTerm(field, value) }} {...props} />
              )}
            >
              {PEOPLE.has(field) ? <PersonName userId={value} /> : <Plain text={value} />}
            </Anchor>
          </Fact>
        ))}
        <Fact name={words.count}>{t.security.events(detection.count)}</Fact>
        <Fact name={words.first}>
          <When at={detection.first_at} kind="absolute" />
        </Fact>
        <Fact name={words.last}>
          <When at={detection.last_at} kind="absolute" />
        </Fact>
        <Fact name={words.opened}>
          <When at={detection.opened_at} kind="absolute" />
        </Fact>
        <Fact name={words.updated}>
          <When at={detection.updated_at} kind="absolute" />
        </Fact>
        {detection.closed_at !== null && (
          <Fact name={words.closed}>
            <When at={detection.closed_at} kind="absolute" />
          </Fact>
        )}
        {detection.tags.length > 0 && (
          <Fact name={words.tags}>
            <Group gap={4}>
              {detection.tags.map((tag) => (
                <Badge key={tag} variant="default" tt="none">
                  <Plain text={tag} />
                </Badge>
              ))}
            </Group>
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
