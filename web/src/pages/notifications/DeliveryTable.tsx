import { Anchor, Button, Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { useRetryDelivery, type Delivery } from "../../api/deliveries";
import { notifyDone, notifyProblem } from "../../parts/notify";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { When } from "../../time/When";
import { SeverityMark } from "../security/SeverityMark";
import classes from "./DeliveryTable.module.css";

export function DeliveryTable({ deliveries }: { deliveries: Delivery[] }) {
  const { columns, list } = t.notifications.deliveries;
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table aria-label={list} verticalSpacing="sm" className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{columns.alert}</Table.Th>
            <Table.Th>{columns.channel}</Table.Th>
            <Table.Th>{columns.state}</Table.Th>
            <Table.Th>{columns.tries}</Table.Th>
            <Table.Th>{columns.said}</Table.Th>
            <Table.Th>{columns.created}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const words = t.notifications.deliveries;
  const retry = useRetryDelivery();
  const { state, rule_title, error, response_code } = delivery;
  const isWaiting = state === "ready" || state === "failed";
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link {...props} to="/security/detections/$id" params={{ id: delivery.detection_id }} />
          )}
        >
          <Plain text={rule_title} />
        </Anchor>
        <div className={classes.meta}>
          <SeverityMark severity={delivery.severity} />
          <span>{t.notifications.what[delivery.what]}</span>
        </div>
      </Table.Td>
      <Table.Td>
        <Plain text={delivery.channel_name ?? words.gone} />
        {delivery.recipient !== "" && (
          <div className={classes.dim}>
            <Plain text={delivery.recipient} />
          </div>
        )}
      </Table.Td>
      <Table.Td>
        <strong data-state={state} className={classes.state}>
          {words.states[state]}
        </strong>
        <div className={classes.dim}>
          {isWaiting && (
            <>
              {words.next} <When at={delivery.next_at} kind="relative" />
            </>
          )}
          {delivery.sent_at !== null && (
            <>
              {words.sent} <When at={delivery.sent_at} kind="relative" />
            </>
          )}
        </div>
        {state === "dead" && (
          <Button
            mt={4}
            size="compact-xs"
            variant="default"
            aria-label={words.retryOf(visibleText(rule_title))}
            loading={retry.isPending}
            onClick={() =>
              retry.mutate(delivery.id, {
                onSuccess: () => notifyDone(words.retried),
                onError: notifyProblem,
              })
            }
          >
            {words.retry}
          </Button>
        )}
      </Table.Td>
      <Table.Td>{count(delivery.attempts)}</Table.Td>
      <Table.Td className={classes.said}>
        {response_code !== null && <div>{t.notifications.channels.status(response_code)}</div>}
        {error !== null && <Plain text={error} />}
      </Table.Td>
      <Table.Td>
        <When at={delivery.created_at} kind="relative" />
      </Table.Td>
    </Table.Tr>
  );
}
