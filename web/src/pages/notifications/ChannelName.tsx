import type { Channel } from "../../api/channels";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { ChannelIcon } from "./ChannelIcon";
import classes from "./ChannelName.module.css";

/** A channel's name, with what kind it is. */
export function ChannelName({ channel }: { channel: Pick<Channel, "name" | "kind"> }) {
  return (
    <span className={classes.name}>
      <ChannelIcon kind={channel.kind} />
      <Plain text={channel.name} />
      <span className={classes.kind}>{t.notifications.kinds[channel.kind]}</span>
    </span>
  );
}
