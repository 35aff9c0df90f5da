import { Badge, Button, Text } from "@mantine/core";

import { useMe } from "../../api/me";
import { useEndSession, type Session } from "../../api/sessions";
import { Plain } from "../../parts/Plain";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { When } from "../../time/When";
import { ProblemNote } from "../sign-in/ProblemNote";
import classes from "./SessionRow.module.css";

const words = t.settings.security.sessions;

export function SessionRow({ session }: { session: Session }) {
  const me = useMe();
  const end = useEndSession();
  const device = session.device || words.unknown;
  const organization = me.organizations.find((each) => each.id === session.organization);
  const method = words.methods[session.method] ?? session.method;
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <Text fw={600} component="div">
          <Plain text={device} />
          {session.is_current && (
            <Badge tt="none" ml="sm" variant="dot" color="green">
              {words.here}
            </Badge>
          )}
        </Text>
        <Text size="sm" c="dimmed" component="div">
          <Plain text={placeOf(session)} /> · {session.address}
          {me.organizations.length > 1 && organization && ` · ${organization.name}`}
        </Text>
        <Text size="sm" c="dimmed" component="div">
          {method}
          {session.has_second_factor && `, ${words.twoFactors}`} · {words.began}{" "}
          <When at={session.created_at} kind="relative" /> · {words.used}{" "}
          <When at={session.last_seen_at} kind="relative" />
        </Text>
        <ProblemNote error={end.error} mt="sm" mb={0} />
      </div>
      {!session.is_current && (
        <Button
          variant="default"
          size="xs"
          aria-label={words.endOf(device)}
          loading={end.isPending}
          onClick={() => {
            end.mutate(session.id, {
              onSuccess: () => {
                notifyDone(words.ended);
              },
            });
          }}
        >
          {words.end}
        </Button>
      )}
    </li>
  );
}

function placeOf({ city, country }: Session): string {
  return [city, country].filter(Boolean).join(", ") || words.nowhere;
}
