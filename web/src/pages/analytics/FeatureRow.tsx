import { Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Asked, Team } from "../../api/insight";
import { ActionBadge } from "../../look/ActionBadge";
import { ResourceIcon } from "../../look/ResourceIcon";
import { ChangeMark } from "../../parts/ChangeMark";
import { Plain } from "../../parts/Plain";
import { Sparkline } from "../../parts/Sparkline";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { exactly } from "../dashboard/explorerLink";
import classes from "./FeatureRow.module.css";

const words = t.analytics.features;

interface FeatureRowProps {
  feature: Team["features"][number];
  asked: Asked;
}

export function FeatureRow({ feature, asked }: FeatureRowProps) {
  const { action, resource_type } = feature;
  const names = [visibleText(action), visibleText(resource_type)] as const;
  return (
    <Table.Tr>
      <Table.Td>
        <Link
          to="/explorer"
          search={exactly(asked, { action, resource_type })}
          className={classes.feature}
          title={words.open(...names)}
        >
          <ActionBadge action={action} />
          <ResourceIcon type={resource_type} />
          <Plain text={resource_type} />
        </Link>
      </Table.Td>
      <Table.Td ta="right" className="tk-num">
        {count(feature.count)}
      </Table.Td>
      <Table.Td ta="right">
        <ChangeMark now={feature.count} before={feature.before} />
      </Table.Td>
      <Table.Td>
        <Sparkline values={feature.trend} label={words.trend(...names)} width={120} />
      </Table.Td>
    </Table.Tr>
  );
}
