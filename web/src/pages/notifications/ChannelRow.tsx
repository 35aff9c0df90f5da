import { Button, Group, Switch } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import {
  useChangeChannel,
  useDeleteChannel,
  useTestChannel,
  type Channel,
} from "../../api/channels";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { notifyDone, notifyProblem } from "../../parts/notify";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { When } from "../../time/When";
import { ProblemNote } from "../security/ProblemNote";
import { ChannelDialog } from "./ChannelDialog";
import classes from "./ChannelList.module.css";
import { ChannelName } from "./ChannelName";
import { RotateSecretButton } from "./RotateSecretButton";
import { TrialNote } from "./TrialNote";

/** One channel: where it leads, whether it is on, and a test of it. */
export function ChannelRow({ channel }: { channel: Channel }) {
  const words = t.notifications.channels;
  const change = useChangeChannel();
  const remove = useDeleteChannel();
  const test = useTestChannel();
  const [isEditing, setIsEditing] = useState(false);
  const name = visibleText(channel.name);
  return (
    <li className={classes.row}>
      <Switch
        aria-label={words.turn(name)}
        checked={change.isPending ? change.variables.changes.is_enabled : channel.is_enabled}
        disabled={change.isPending}
        onChange={(event) =>
          change.mutate(
            { id: channel.id, changes: { is_enabled: event.currentTarget.checked } },
            { onError: notifyProblem },
          )
        }
      />
      <div>
        <div className={classes.name}>
          <ChannelName channel={channel} />
        </div>
        <div className={classes.meta}>
          <Plain text={leadsTo(channel)} />
          {channel.kind !== "in_app" && <span>{words.perMinute(channel.per_minute)}</span>}
          {!channel.is_enabled && <span>{words.off}</span>}
          {channel.held_until !== null && (
            <span>
              {words.held} <When at={channel.held_until} kind="absolute" />
            </span>
          )}
          <Link to="/settings/channels" search={{ tab: "deliveries", channel: channel.id }}>
            {words.deliveries}
          </Link>
        </div>
      </div>
      <Group gap="xs" className={classes.actions}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconSend size={14} aria-hidden />}
          aria-label={words.testOf(name)}
          loading={test.isPending}
          onClick={() => test.mutate(channel.id)}
        >
          {words.test}
        </Button>
        <Button size="xs" variant="default" onClick={() => setIsEditing(true)}>
          {words.edit}
        </Button>
        {channel.kind === "webhook" && <RotateSecretButton channel={channel} />}
        <ConfirmButton
          label={words.delete}
          title={words.deleteTitle(name)}
          text={words.deleteText}
          confirmLabel={words.delete}
          onConfirm={async () => {
            await remove.mutateAsync(channel.id);
            notifyDone(words.deleted(name));
          }}
        />
      </Group>
      <div className={classes.trial} aria-live="polite">
        {test.data && <TrialNote trial={test.data} />}
        <ProblemNote problem={test.error} />
      </div>
      {isEditing && <ChannelDialog channel={channel} onClose={() => setIsEditing(false)} />}
    </li>
  );
}

function leadsTo(channel: Channel): string {
  const words = t.notifications.channels;
  if (channel.hint !== null) {
    return words.host(channel.hint);
  }
  return channel.to.length > 0 ? words.toAll(channel.to.join(", ")) : words.toPeople;
}
