import { Anchor, Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Detection } from "../../api/detections";
import { Plain } from "../../parts/Plain";
import { count } from "../../texts/numbers";
import { When } from "../../time/When";
import { Sentence } from "../security/Sentence";
import { SeverityMark } from "../security/SeverityMark";
import { StateMark } from "../security/StateMark";
import classes from "./DetectionRow.module.css";

export function DetectionRow({ detection }: { detection: Detection }) {
  const [reason] = detection.reasons;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor
          fw={500}
          renderRoot={(root) => (
            <Link {...root} to="/security/detections/$id" params={{ id: detection.id }} />
          )}
        >
          <Plain text={detection.rule_title} />
        </Anchor>
        {reason !== undefined && (
          <div className="tk-dim">
            <Sentence text={reason} />
          </div>
        )}
      </Table.Td>
      <Table.Td>
        <SeverityMark severity={detection.severity} />
      </Table.Td>
      <Table.Td>
        <StateMark state={detection.state} />
      </Table.Td>
      <Table.Td ta="right" className="tk-num">
        {count(detection.count)}
      </Table.Td>
      <Table.Td className={classes.when}>
        <When at={detection.last_at} />
      </Table.Td>
    </Table.Tr>
  );
}
