import { Text, Timeline } from "@mantine/core";
import {
  IconArrowBackUp,
  IconCalendarOff,
  IconCircleDot,
  IconMessage,
  IconStatusChange,
  IconTrendingUp,
  IconUser,
  type Icon,
} from "@tabler/icons-react";

import {
  STATES,
  type DetectionDetails,
  type DetectionState,
  type HistoryLine,
} from "../../api/detections";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { When } from "../../time/When";
import { Panel } from "../../parts/Panel";
import classes from "./HistoryCard.module.css";
import { PersonName } from "./PersonName";

const ICONS: Record<HistoryLine["what"], Icon> = {
  opened: IconCircleDot,
  grew: IconTrendingUp,
  reopened: IconArrowBackUp,
  suppressed: IconCalendarOff,
  superseded: IconStatusChange,
  withdrawn: IconStatusChange,
  state: IconStatusChange,
  assignee: IconUser,
  note: IconMessage,
};

/** What happened to a detection, the newest first. */
export function HistoryCard({ detection }: { detection: DetectionDetails }) {
  const lines = detection.history.toReversed();
  return (
    <Panel title={t.security.detail.history}>
      {lines.length === 0 ? (
        <Text size="sm">{t.security.detail.noHistory}</Text>
      ) : (
        <Timeline bulletSize={24} lineWidth={2} active={lines.length}>
          {lines.map((line, index) => {
            const Shape = ICONS[line.what];
            return (
              <Timeline.Item
                key={`${line.at} ${index}`}
                bullet={<Shape size={14} aria-hidden />}
                lineVariant="solid"
              >
                <div className={classes.line}>
                  <strong>
                    {line.actor === null ? (
                      t.security.detail.service
                    ) : (
                      <PersonName userId={line.actor} />
                    )}
                  </strong>{" "}
                  <What line={line} />
                </div>
                <div className={classes.when}>
                  <When at={line.at} kind="both" />
                </div>
              </Timeline.Item>
            );
          })}
        </Timeline>
      )}
    </Panel>
  );
}

function What({ line }: { line: HistoryLine }) {
  const words = t.security.detail.happened;
  const { content } = line;
  switch (line.what) {
    case "grew":
      return words.grew(Number(content.count));
    case "state":
      return words.state(stateOf(content.from), stateOf(content.to));
    case "assignee":
      return typeof content.to === "string" ? (
        <>
          {words.assigned} <PersonName userId={content.to} />
        </>
      ) : (
        words.unassigned
      );
    case "note":
      return (
        <>
          {words.note}
          <blockquote className={classes.note}>
            <Plain text={String(content.text)} />
          </blockquote>
        </>
      );
    default:
      return words[line.what];
  }
}

function stateOf(value: unknown): string {
  const state: DetectionState | undefined = STATES.find((each) => each === value);
  return state === undefined ? String(value) : t.security.states[state];
}
