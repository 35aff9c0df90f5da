import { Anchor, Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Place } from "../../api/places";
import { Panel } from "../../parts/Panel";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { count, percent } from "../../texts/numbers";
import type { Bounds } from "../../time/range";
import { failedShare, MANY_FAILED, placeQuery } from "./places";
import classes from "./PlacesTable.module.css";

interface Props {
  places: Place[];
  distinct: number;
  asked: Bounds;
}

/** What the map shows, for the keyboard and for screen readers. */
export function PlacesTable({ places, distinct, asked }: Props) {
  const words = t.security.map;
  return (
    <Panel title={words.asTable} counts={words.shown(places.length, distinct)} isFlush>
      <Table.ScrollContainer minWidth={560}>
        <Table aria-label={words.table} verticalSpacing={6} className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.place}</Table.Th>
              <Table.Th className={classes.number}>{words.succeeded}</Table.Th>
              <Table.Th className={classes.number}>{words.failed}</Table.Th>
              <Table.Th className={classes.number}>{words.share}</Table.Th>
              <Table.Th className={classes.number}>{words.users}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {places.map((place) => (
              <Table.Tr key={`${place.country} ${place.city ?? ""}`}>
                <Table.Td>
                  <Anchor
                    size="sm"
                    title={words.show}
                    renderRoot={(props) => (
                      <Link {...props} to="/explorer" search={{ q: placeQuery(place), ...asked }} />
                    )}
                  >
                    <Plain
                      text={place.city === null ? place.country : `${place.city}, ${place.country}`}
                    />
                  </Anchor>
                </Table.Td>
                <Table.Td className={classes.number}>{count(place.succeeded)}</Table.Td>
                <Table.Td className={classes.number}>{count(place.failed)}</Table.Td>
                <Table.Td
                  className={classes.number}
                  data-many={failedShare(place) >= MANY_FAILED || undefined}
                >
                  {percent(failedShare(place))}
                </Table.Td>
                <Table.Td className={classes.number}>{count(place.users)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}
