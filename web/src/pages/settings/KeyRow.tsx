import { Badge, Text } from "@mantine/core";
import type { ReactNode } from "react";

import type { IssuedKey, Key } from "../../api/keys";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { When } from "../../time/When";
import { KeyActions } from "./KeyActions";
import classes from "./KeyRow.module.css";
import { isWorking, keyState, type KeyState } from "./keyState";

type Props = { shown: Key; now: Date; onIssued: (issued: IssuedKey) => void };

const words = t.settings.keys;

const COLOURS: Record<KeyState, string> = {
  active: "green",
  expiring: "orange",
  expired: "gray",
  revoked: "gray",
  leaked: "red",
};

export function KeyRow({ shown: key, now, onIssued }: Props) {
  const state = keyState(key, now);
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <Text component="div" fw={600} size="sm">
          <Plain text={key.name} />
          <Badge tt="none" ml={8} variant="dot" color={COLOURS[state]}>
            {words.states[state]}
          </Badge>
        </Text>
        <div className={classes.prefix}>
          <Plain text={`${key.prefix}_…`} isMono />
        </div>
        {state === "leaked" && (
          <Text size="sm" c="red">
            {words.leaked}
          </Text>
        )}
        <dl className={classes.facts}>
          <Fact label={words.permissions}>{key.permissions.join(", ")}</Fact>
          <Fact label={words.from}>
            {key.allow_list.length === 0 ? (
              words.everywhere
            ) : (
              <span title={key.allow_list.join(", ")}>{words.networks(key.allow_list.length)}</span>
            )}
          </Fact>
          <Fact label={words.used}>
            <When at={key.last_used_at} kind="relative" none={words.neverUsed} />
            {key.last_used_address !== null && ` · ${key.last_used_address}`}
          </Fact>
          <Fact label={words.expires}>
            <When at={key.revoked_at ?? key.expires_at} kind="relative" none={words.noEnd} />
          </Fact>
          <Fact label={words.by}>
            <Plain text={key.created_by ?? words.byServer} />
          </Fact>
        </dl>
      </div>
      {isWorking(key, now) && <KeyActions shown={key} onIssued={onIssued} />}
    </li>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
