import { Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconWorldOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { useMay } from "../../api/me";
import { placesQuery } from "../../api/places";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { NoPermission } from "../../parts/NoPermission";
import { Panel } from "../../parts/Panel";
import { Stat } from "../../parts/Stat";
import { WorldMap } from "../../parts/WorldMap";
import { t } from "../../texts";
import type { Range } from "../../time/range";
import { RangePicker } from "../../time/RangePicker";
import { PlacesTable } from "./PlacesTable";
import { toRange, withRange } from "./search";

const route = getRouteApi("/app/security");
const USUAL: Range = { range: "30d" };

/** From where people sign in: on a map, and the same as a table. */
export function MapTab() {
  return useMay("user:view") ? <SignIns /> : <NoPermission permission="user:view" />;
}

function SignIns() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = toRange(search) ?? USUAL;
  const found = useQuery(placesQuery(range));
  const words = t.security.map;
  const places = found.data?.items ?? [];
  const sum = (key: "succeeded" | "failed") => places.reduce((all, each) => all + each[key], 0);
  return (
    <Stack gap="md">
      <Group justify="flex-end">
        <RangePicker
          value={range}
          onChange={(chosen) =>
            void navigate({ search: (before) => withRange(before, chosen), replace: true })
          }
        />
      </Group>
      {found.isPending ? (
        <LoadingState rows={12} />
      ) : found.isError ? (
        <ErrorState problem={found.error} retry={() => void found.refetch()} />
      ) : places.length === 0 ? (
        <EmptyState
          icon={<IconWorldOff size={24} aria-hidden />}
          title={words.empty}
          text={words.emptyHint}
        />
      ) : (
        <>
          <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
            <Stat
              label={words.total}
              counts={words.totalCounts}
              value={sum("succeeded") + sum("failed")}
            />
            <Stat label={words.failedTotal} counts={words.failedCounts} value={sum("failed")} />
            <Stat
              label={words.countries}
              counts={words.countriesCounts}
              value={new Set(places.map((each) => each.country)).size}
            />
            <Stat label={words.places} counts={words.placesCounts} value={found.data.distinct} />
          </SimpleGrid>
          <Panel title={words.title} counts={words.hint}>
            <WorldMap
              label={words.label(places.length)}
              points={places.flatMap((place) =>
                place.latitude === null || place.longitude === null
                  ? []
                  : [
                      {
                        key: `${place.country} ${place.city ?? ""}`,
                        latitude: place.latitude,
                        longitude: place.longitude,
                        count: place.succeeded + place.failed,
                        failed: place.failed,
                        label: words.point(nameOf(place), place.succeeded, place.failed),
                      },
                    ],
              )}
            />
            <Text size="xs" c="dimmed" mt="xs">
              {words.unplaced(found.data.without_place.succeeded + found.data.without_place.failed)}
            </Text>
          </Panel>
          <PlacesTable places={places} distinct={found.data.distinct} asked={found.data.asked} />
        </>
      )}
    </Stack>
  );
}

function nameOf(place: { city: string | null; country: string }): string {
  return place.city === null ? place.country : `${place.city}, ${place.country}`;
}
