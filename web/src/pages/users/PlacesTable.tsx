import { Table } from "@mantine/core";

import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { When } from "../../time/When";
import { placeName, type UserPlace } from "./places";
import classes from "./PlacesPanel.module.css";

const { columns } = t.users.overview;

export function PlacesTable({ places }: { places: readonly UserPlace[] }) {
  return (
    <Table aria-label={t.users.overview.places} className={classes.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{columns.place}</Table.Th>
          <Table.Th className={classes.number}>{columns.events}</Table.Th>
          <Table.Th>{columns.first}</Table.Th>
          <Table.Th>{columns.last}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {places.map((place) => (
          <Table.Tr key={placeName(place)}>
            <Table.Td>
              <Plain text={placeName(place)} />
            </Table.Td>
            <Table.Td className={`${classes.number ?? ""} tk-num`}>{count(place.count)}</Table.Td>
            <Table.Td>
              <When at={place.first_seen} />
            </Table.Td>
            <Table.Td>
              <When at={place.last_seen} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
