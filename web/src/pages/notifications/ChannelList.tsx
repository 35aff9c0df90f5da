import { IconBellRinging } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { channelsQuery } from "../../api/channels";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { t } from "../../texts";
import classes from "./ChannelList.module.css";
import { ChannelRow } from "./ChannelRow";

export function ChannelList() {
  const words = t.notifications.channels;
  const found = useQuery(channelsQuery);
  if (found.isPending) {
    return <LoadingState rows={4} height={64} />;
  }
  if (found.isError) {
    return <ErrorState problem={found.error} retry={() => void found.refetch()} />;
  }
  if (found.data.length === 0) {
    return (
      <EmptyState
        icon={<IconBellRinging size={20} stroke={1.75} />}
        title={words.none}
        text={words.noneHint}
      />
    );
  }
  return (
    <ul className={classes.list} aria-label={words.list}>
      {found.data.map((channel) => (
        <ChannelRow key={channel.id} channel={channel} />
      ))}
    </ul>
  );
}
