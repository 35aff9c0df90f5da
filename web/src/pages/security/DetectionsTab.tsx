import { Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";

import { detectionsQuery } from "../../api/detections";
import { useMay } from "../../api/me";
import { NoPermission } from "../../parts/NoPermission";
import { BulkBar } from "./BulkBar";
import { DetectionFilters } from "./DetectionFilters";
import { DetectionList } from "./DetectionList";
import { toFilter } from "./search";

const route = getRouteApi("/app/security");

export function DetectionsTab() {
  const mayView = useMay("detection:view");
  return mayView ? <Detections /> : <NoPermission permission="detection:view" />;
}

function Detections() {
  const search = route.useSearch();
  const mayManage = useMay("detection:manage");
  // Relative ranges are fixed once for each question: pages must agree about where it ends.
  const filter = useMemo(() => toFilter(search, new Date()), [search]);
  const found = useInfiniteQuery(detectionsQuery(filter));
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  // What is no longer shown is no longer chosen: nobody changes what they cannot see.
  const selected = items.filter((item) => chosen.has(item.id)).map((item) => item.id);
  return (
    <Stack gap="md">
      <DetectionFilters filter={filter} />
      {mayManage && (
        <BulkBar
          selected={selected}
          loaded={items.map((item) => item.id)}
          onSelect={(ids) => setChosen(new Set(ids))}
        />
      )}
      <DetectionList
        found={found}
        items={items}
        selected={new Set(selected)}
        onSelect={mayManage ? (ids) => setChosen(ids) : undefined}
      />
    </Stack>
  );
}
