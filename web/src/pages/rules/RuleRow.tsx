import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Rule } from "../../api/rules";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import classes from "./RuleList.module.css";
import { RuleSwitch } from "./RuleSwitch";
import { SeverityChoice } from "./SeverityChoice";

interface Props {
  rule: Rule;
  found: number | undefined;
}

export function RuleRow({ rule, found }: Props) {
  return (
    <li className={classes.row}>
      <div className={classes.switch}>
        <RuleSwitch rule={rule} />
      </div>
      <div className={classes.main}>
        <Anchor
          className={classes.title}
          data-list-link
          renderRoot={(props) => <Link {...props} to="/rules/$id" params={{ id: rule.id }} />}
        >
          <Plain text={rule.title} />
        </Anchor>
        {rule.sentence !== null && (
          <div className={classes.sentence}>
            <Plain text={rule.sentence} />
          </div>
        )}
        {rule.description !== "" && (
          <div className={classes.text}>
            <Plain text={rule.description} />
          </div>
        )}
      </div>
      <div className={classes.severity}>
        <SeverityChoice rule={rule} />
      </div>
      <div className={classes.found}>
        {found !== undefined &&
          (found === 0 ? (
            t.rules.found(0)
          ) : (
            <Anchor
              size="sm"
              title={t.rules.foundOpen(rule.title)}
              renderRoot={(props) => (
                <Link
                  {...props}
                  to="/security"
                  search={{
                    rule: rule.id,
                    state: ["open", "acknowledged", "resolved", "false_positive"],
                  }}
                />
              )}
            >
              {t.rules.found(found)}
            </Anchor>
          ))}
      </div>
    </li>
  );
}
