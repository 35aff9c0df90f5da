import { Anchor, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { detectionsQuery } from "../../api/detections";
import { useMay } from "../../api/me";
import { ErrorState } from "../../parts/ErrorState";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { AttentionRow } from "./AttentionRow";
import classes from "./NeedsAttention.module.css";

const words = t.dashboard.attention;
const MOST = 6;

/** Detections that nobody has taken up yet. */
export function NeedsAttention() {
  const mayView = useMay("detection:view");
  const { data, error, refetch } = useInfiniteQuery({
    ...detectionsQuery({ state: ["open"] }),
    enabled: mayView,
  });
  const open = data?.pages[0]?.items;
  return (
    <Panel
      title={words.title}
      counts={words.counts}
      actions={
        mayView && (
          <Anchor size="sm" renderRoot={(props) => <Link {...props} to="/security" />}>
            {words.all}
          </Anchor>
        )
      }
    >
      {!mayView ? (
        <Text size="sm" c="dimmed">
          {words.noPermission}
        </Text>
      ) : error !== null && open === undefined ? (
        <ErrorState problem={error} retry={() => void refetch()} />
      ) : open === undefined ? (
        <Stack gap="xs">
          {Array.from({ length: MOST }, (_, place) => (
            <Skeleton key={place} height={40} />
          ))}
        </Stack>
      ) : open.length === 0 ? (
        <Group gap="xs" wrap="nowrap">
          <IconCircleCheck size={18} className={classes.good} aria-hidden />
          <Text size="sm">{words.empty}</Text>
        </Group>
      ) : (
        <ul className={classes.list}>
          {open.slice(0, MOST).map((detection) => (
            <AttentionRow key={detection.id} detection={detection} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
