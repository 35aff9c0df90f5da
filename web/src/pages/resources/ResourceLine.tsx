import { Badge, Table } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import type { MouseEvent } from "react";

import type { ResourceRow } from "../../api/resources";
import { ResourceIcon } from "../../look/ResourceIcon";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { When } from "../../time/When";
import classes from "./ResourcesTable.module.css";

/** A resource as a row; all of it leads to its history. */
export function ResourceLine({ item }: { item: ResourceRow }) {
  const navigate = useNavigate();
  const history = {
    to: "/resources/$type/$id",
    params: { type: item.resource_type, id: item.resource_id },
  } as const;
  return (
    <Table.Tr
      className={classes.row}
      onClick={() => {
        void navigate(history);
      }}
    >
      <Table.Td>
        <Link
          {...history}
          className={classes.link}
          onClick={(click: MouseEvent) => {
            click.stopPropagation();
          }}
        >
          <ResourceIcon type={item.resource_type} />
          <span className={classes.words}>
            <span className={classes.name}>
              <Plain text={item.resource_name ?? item.resource_id} isTruncated />
              {item.is_deleted && (
                <Badge size="sm" variant="light" color="red" tt="none">
                  {t.resources.deleted}
                </Badge>
              )}
            </span>
            {item.resource_name !== null && (
              <span className={classes.id}>
                <Plain text={item.resource_id} isMono isTruncated />
              </span>
            )}
          </span>
        </Link>
      </Table.Td>
      <Table.Td className={classes.type}>
        <Plain text={item.resource_type} />
      </Table.Td>
      <Table.Td className={`${classes.number ?? ""} tk-num`}>{count(item.changes)}</Table.Td>
      <Table.Td className={`${classes.number ?? ""} tk-num`}>{count(item.events)}</Table.Td>
      <Table.Td className={`${classes.number ?? ""} ${classes.wide ?? ""} tk-num`}>
        {count(item.users)}
      </Table.Td>
      <Table.Td className={classes.when}>
        <When at={item.last_seen} />
      </Table.Td>
    </Table.Tr>
  );
}
