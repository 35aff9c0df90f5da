import { Button } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";

import type { Detection } from "../../api/detections";
import { CursorList } from "../../parts/CursorList";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { useListKeys } from "../../shell/shortcuts/useListKeys";
import { t } from "../../texts";
import classes from "./DetectionList.module.css";
import { DetectionRow } from "./DetectionRow";
import { isNarrowed, toggled } from "./search";

const route = getRouteApi("/app/security");

interface Props {
  found: UseInfiniteQueryResult;
  items: Detection[];
  selected: ReadonlySet<string>;
  onSelect: ((ids: ReadonlySet<string>) => void) | undefined;
}

export function DetectionList({ found, items, selected, onSelect }: Props) {
  const search = route.useSearch();
  const list = useListKeys<HTMLUListElement>({
    name: t.security.tabs.detections,
    words: t.security.keys,
    onEnd: () => {
      if (found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage();
    },
  });
  if (found.isPending) {
    return <LoadingState rows={8} />;
  }
  if (found.isError && items.length === 0) {
    return <ErrorState problem={found.error} retry={() => void found.refetch()} />;
  }
  if (items.length === 0) {
    const hasFilters = isNarrowed(search);
    return (
      <EmptyState
        icon={<IconShieldCheck size={20} stroke={1.75} />}
        title={hasFilters ? t.security.list.noMatch : t.security.list.empty}
        text={hasFilters ? t.security.list.noMatchHint : t.security.list.emptyHint}
        action={
          hasFilters ? (
            <Button variant="default" renderRoot={(props) => <Link to="/security" {...props} />}>
              {t.security.list.clear}
            </Button>
          ) : undefined
        }
      />
    );
  }
  return (
    <CursorList
      loaded={items.length}
      hasMore={found.hasNextPage}
      isLoadingMore={found.isFetchingNextPage}
      onMore={() => void found.fetchNextPage()}
      endText={t.security.list.end(items.length)}
    >
      <ul ref={list} className={classes.list} aria-label={t.security.list.label}>
        {items.map((item) => (
          <DetectionRow
            key={item.id}
            detection={item}
            isSelected={selected.has(item.id)}
            onToggle={onSelect && (() => onSelect(new Set(toggled([...selected], item.id))))}
          />
        ))}
      </ul>
    </CursorList>
  );
}
